-- one row per two receipts, one of them matched tonight, of equal total and day that came as pictures, and are not known as one paper
WITH pictures AS (
    SELECT receipts.receipt_id, receipts.total_pence, receipts.dated_on, receipts.received_on, receipts.supplier_name, receipts.picture_mark,
        receipts.numbers_mark, matched.sameness_id, matched.run_id = $run_id AS is_tonight
    FROM validated.receipts AS receipts JOIN matched.receipts AS matched USING (receipt_id)
    WHERE receipts.picture_mark IS NOT NULL AND receipts.numbers_mark IS NOT NULL AND receipts.total_pence IS NOT NULL
        AND receipts.dated_on IS NOT NULL AND receipts.supplier_name IS NOT NULL AND matched.sameness_id IS NOT NULL
)
SELECT mine.receipt_id AS one_id, mine.received_on AS one_received_on, mine.sameness_id AS one_sameness, mine.supplier_name AS one_supplier,
    mine.picture_mark AS one_picture, mine.numbers_mark AS one_numbers,
    other.receipt_id AS other_id, other.received_on AS other_received_on, other.sameness_id AS other_sameness,
    other.supplier_name AS other_supplier, other.picture_mark AS other_picture, other.numbers_mark AS other_numbers
FROM pictures AS mine
JOIN pictures AS other ON other.total_pence = mine.total_pence AND other.dated_on = mine.dated_on AND other.sameness_id <> mine.sameness_id
WHERE mine.is_tonight AND (NOT other.is_tonight OR mine.receipt_id < other.receipt_id)
ORDER BY one_id, other_id

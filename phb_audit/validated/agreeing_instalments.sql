-- one row per payment in that agrees with an instalment of its holder: the same amount, within five days.
SELECT DISTINCT money_in.row_id
FROM money_in
JOIN validated.instalments instalment
    ON instalment.holder_id = money_in.holder_id
    AND instalment.amount_pence = -money_in.amount_pence
    AND instalment.paid_on BETWEEN money_in.paid_on - 5 AND money_in.paid_on + 5
ORDER BY money_in.row_id

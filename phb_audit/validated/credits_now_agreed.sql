-- one row per payment of an earlier night, taken for other money in, that an instalment which came tonight agrees with
UPDATE validated.payments
SET kind_code = 'instalment'
WHERE kind_code = 'credit' AND run_id <> $run_id AND EXISTS (
    SELECT 1
    FROM validated.instalments instalment
    WHERE instalment.run_id = $run_id
        AND instalment.holder_id = payments.holder_id
        AND instalment.amount_pence = -payments.amount_pence
        AND instalment.paid_on BETWEEN payments.paid_on - 5 AND payments.paid_on + 5
)

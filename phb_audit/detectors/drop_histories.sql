-- One row per spend line that is looked at again.
DELETE FROM detected.histories USING looked_at WHERE histories.holder_id = looked_at.holder_id AND histories.paid_on >= looked_at.from_on

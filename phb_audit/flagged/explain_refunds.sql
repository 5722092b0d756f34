-- one row per link of asked payments to a refund, or of asked refunds to a purchase: both sides, with the asked one
SELECT asked.payment_id, links.*
FROM asked JOIN matched.refund_links AS links ON asked.payment_id IN (links.refund_id, links.purchase_id)
ORDER BY asked.payment_id, links.refund_on, links.refund_id, links.bought_on, links.purchase_id

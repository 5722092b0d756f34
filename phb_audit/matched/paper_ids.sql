-- one row per receipt: its paper's id, null where the paper says too little
SELECT receipt_id, 'S' || md5(paper_text)[:16] AS sameness_id FROM papers_now

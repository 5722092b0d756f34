"""The review app: where a clinician decides, and an auditor can prove it. `phb-audit review` serves it.

One module is one page, with its statements and templates beside it. Nothing here decides: a person does, through `phb_audit.cases`.
"""

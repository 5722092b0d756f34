"""Fetched: files taken from where senders leave them (a folder, SFTP, an S3 bucket, a MESH mailbox) into a commissioner's folder.

Only the command `phb-audit fetch` does so, and a timetable that names a settings file of sources (`fetch = ...`);
nobody else is called.
"""

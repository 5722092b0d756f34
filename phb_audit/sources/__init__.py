"""Sources: one feed per module, its columns to ours and nothing else; and the reading of files in every shape senders use."""

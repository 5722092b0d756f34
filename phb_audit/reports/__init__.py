"""Reports: self-contained pages a person reads, made from tables of the stages and never from anything else."""

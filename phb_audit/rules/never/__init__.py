"""A1: purchases a direct payment may never be used for. Receipt lines first; a merchant code alone only asks."""

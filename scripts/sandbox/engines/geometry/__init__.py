"""Closed triangle surfaces: solids, organic bodies, reduction and the texture atlas."""

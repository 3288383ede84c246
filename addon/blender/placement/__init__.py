"""How, when and where a result enters the scene, and its way in."""

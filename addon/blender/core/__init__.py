"""What everything in Blender's process stands on: names, paths, the session, the account, words."""

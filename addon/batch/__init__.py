"""Many orders from one list: read, check, run, process and report. No Blender in here.

A batch lives in one output folder that holds everything needed to go on after a power cut. The
network part (*fetch*) runs on one host; the Blender work per asset (*process*) on any.
"""

"""Which packages a distribution's own database says are installed; standard library only.

The files come from images, so each is taken for broken or hostile: sizes and counts are bounded,
and nothing is raised but UnreadableDatabaseError.
"""

"""Where it is shown: one widget a file, its front end of the same name in assets/widgets/src."""

"""What is published of the extension: checked, described, and put into a static repository."""

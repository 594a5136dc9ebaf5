"""What somebody uses, as one rough word: enough to know one's own phone again, and no more."""

# In this order: an iPad also says Mac, an Android phone also says Linux.
KNOWN = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("macintosh", "Mac"),
    ("cros", "Chromebook"),
    ("linux", "Linux"),
)


def platform_of(user_agent):
    """The word for this User-Agent header, or "" when nothing in it is known."""
    said = (user_agent or "").lower()
    return next((word for sign, word in KNOWN if sign in said), "")

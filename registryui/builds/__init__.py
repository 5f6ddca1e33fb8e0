"""Where images come from: builds as CI reports them, and as builders and labels claim them."""

"""What is known of the files in layers and images, and who wanted to know."""

from registryui.contents.models.listing import ChunkBase, FileDigest, Listing, ListingChunk
from registryui.contents.models.packages import PackageList
from registryui.contents.models.possession import Possession
from registryui.contents.models.reading import Reading
from registryui.contents.models.tree import Tree, TreeChunk

__all__ = [
    "ChunkBase",
    "FileDigest",
    "Listing",
    "ListingChunk",
    "PackageList",
    "Possession",
    "Reading",
    "Tree",
    "TreeChunk",
]

package offload

// DiskOf is tested without a disk that has partitions.
var DiskOf = diskOf

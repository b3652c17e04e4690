package watcher

import "golang.org/x/sys/unix"

func volumeOf(path string) (volume, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return volume{}, err
	}
	v := kinds[uint32(st.Type)] // its width differs between machines
	v.ID = uint64(uint32(st.Fsid.Val[0])) | uint64(uint32(st.Fsid.Val[1]))<<32
	var sx unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, 0, 0, &sx); err == nil { // Linux before 5.8 does not tell
		v.Mounted = sx.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0
	}
	return v, nil
}

// kinds are the file systems that need other treatment than a local disk, by the magic numbers of statfs(2).
var kinds = map[uint32]volume{
	unix.NFS_SUPER_MAGIC:       {Kind: "nfs"},
	unix.SMB_SUPER_MAGIC:       {Kind: "smb", LooseIDs: true},
	unix.CIFS_SUPER_MAGIC:      {Kind: "smb", LooseIDs: true},
	unix.SMB2_SUPER_MAGIC:      {Kind: "smb", LooseIDs: true},
	unix.FUSE_SUPER_MAGIC:      {Kind: "fuse", LooseIDs: true},
	unix.V9FS_MAGIC:            {Kind: "9p", LooseIDs: true},
	unix.OVERLAYFS_SUPER_MAGIC: {Kind: "overlay", LooseIDs: true},
	unix.AFS_SUPER_MAGIC:       {Kind: "afs", LooseIDs: true},
	unix.AFS_FS_MAGIC:          {Kind: "afs", LooseIDs: true},
	unix.CODA_SUPER_MAGIC:      {Kind: "coda", LooseIDs: true},
	unix.CEPH_SUPER_MAGIC:      {Kind: "ceph"},
	unix.OCFS2_SUPER_MAGIC:     {Kind: "ocfs2"},
	0x01161970:                 {Kind: "gfs2"},
	0x0bd00bd0:                 {Kind: "lustre"},
	0x786f4256:                 {Kind: "vboxsf", LooseIDs: true},
	0xbacbacbc:                 {Kind: "vmhgfs", LooseIDs: true},
	unix.MSDOS_SUPER_MAGIC:     {LooseIDs: true},
	unix.EXFAT_SUPER_MAGIC:     {LooseIDs: true},
}

//! The examples' reader of IDX files: what it reads, and what it says about files that are wrong.

#[allow(dead_code, reason = "the tests read folders only")]
#[path = "../examples/support/mod.rs"]
mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use support::Mnist;

const TRAIN_IMAGES: &str = "train-images-idx3-ubyte";
const TRAIN_LABELS: &str = "train-labels-idx1-ubyte";
const TEST_IMAGES: &str = "t10k-images-idx3-ubyte";
const TEST_LABELS: &str = "t10k-labels-idx1-ubyte";

/// A folder with three digits to learn from and two to test with, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("idx-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.write(TRAIN_IMAGES, &idx(&[3, 28, 28], 0..=255));
        folder.write(TRAIN_LABELS, &idx(&[3], 7..=9));
        folder.write(TEST_IMAGES, &idx(&[2, 28, 28], 0..=255));
        folder.write(TEST_LABELS, &idx(&[2], 0..=1));
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    /// Replaces a file by a compressed one.
    fn pack(&self, name: &str) {
        let packed = gzip(&fs::read(self.0.join(name)).unwrap());
        fs::remove_file(self.0.join(name)).unwrap();
        self.write(&format!("{name}.gz"), &packed);
    }

    /// What the reader says, which starts with the file's name in this folder.
    #[track_caller]
    fn says(&self, name: &str, problem: &str) {
        let error = Mnist::read(&self.0).err().expect("a file is wrong");
        assert_eq!(error.to_string(), format!("{}: {problem}", self.0.join(name).display()));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An IDX file of bytes that repeat.
fn idx(extents: &[u32], bytes: impl Iterator<Item = u8> + Clone) -> Vec<u8> {
    let magic = 0x800 + extents.len() as u32;
    let header = [&[magic], extents].concat().into_iter().flat_map(u32::to_be_bytes);
    let count = extents.iter().product::<u32>() as usize;
    header.chain(bytes.cycle().take(count)).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_embedded_digits_are_whole() {
    let Mnist { train, test } = Mnist::embedded();
    assert_eq!((train.images.dim(), train.len()), ((5000, 28, 28), 5000));
    assert_eq!((test.images.dim(), test.len()), ((1000, 28, 28), 1000));
    assert_eq!(train.labels[..5], [5, 0, 4, 1, 9]);
}

#[test]
fn reads_plain_and_packed_files() {
    let folder = Folder::new("plain-and-packed");
    folder.pack(TRAIN_IMAGES);
    folder.pack(TEST_LABELS);
    let Mnist { train, test } = Mnist::read(&folder.0).unwrap();
    assert_eq!((train.labels, test.labels), (vec![7, 8, 9], vec![0, 1]));
    assert_eq!(train.images.dim(), (3, 28, 28));
    assert_eq!(train.images[[0, 9, 3]], 1.0);
    assert_eq!(test.images[[1, 0, 1]], f32::from((28 * 28 + 1) as u8) / 255.0);
}

#[test]
fn missing_folder() {
    let folder = Path::new("no/such/folder");
    assert_eq!(Mnist::read(folder).err().unwrap().to_string(), "no/such/folder: no such folder");
}

#[test]
fn missing_file() {
    let folder = Folder::new("missing-file");
    fs::remove_file(folder.0.join(TEST_LABELS)).unwrap();
    folder.says("t10k-labels-idx1-ubyte.gz", "no such file, neither with `.gz` nor without");
}

#[test]
fn folder_in_place_of_a_file() {
    let folder = Folder::new("folder-for-file");
    fs::create_dir(folder.0.join("train-images-idx3-ubyte.gz")).unwrap();
    let error = Mnist::read(&folder.0).err().unwrap().to_string();
    assert!(error.contains("train-images-idx3-ubyte.gz: cannot be read: "), "{error}");
}

#[test]
fn not_gzip() {
    let folder = Folder::new("not-gzip");
    folder.write("train-labels-idx1-ubyte.gz", &idx(&[3], 0..=9));
    folder.says("train-labels-idx1-ubyte.gz", "not a gzip file, in spite of its name");
}

#[test]
fn truncated_gzip() {
    let folder = Folder::new("truncated-gzip");
    let packed = gzip(&idx(&[3, 28, 28], 0..=255));
    for end in [2, 10, packed.len() / 2, packed.len() - 1] {
        folder.write("train-images-idx3-ubyte.gz", &packed[..end]);
        folder.says("train-images-idx3-ubyte.gz", "the gzip data end too early; is the file truncated?");
    }
}

#[test]
fn damaged_gzip() {
    let folder = Folder::new("damaged-gzip");
    let mut packed = gzip(&idx(&[3, 28, 28], 0..=255));
    let middle = packed.len() / 2;
    packed[middle] ^= 0xff;
    folder.write("train-images-idx3-ubyte.gz", &packed);
    let error = Mnist::read(&folder.0).err().unwrap().to_string();
    assert!(error.contains("train-images-idx3-ubyte.gz: damaged gzip data: "), "{error}");
}

#[test]
fn wrong_magic() {
    let folder = Folder::new("wrong-magic");
    folder.write(TRAIN_IMAGES, &idx(&[3], 0..=9).repeat(4));
    folder.says(TRAIN_IMAGES, "starts with the magic number 0x00000801 instead of 0x00000803");
}

#[test]
fn truncated() {
    let folder = Folder::new("truncated");
    folder.write(TRAIN_LABELS, &[]);
    folder.says(TRAIN_LABELS, "truncated: holds 0 bytes, but needs 8");
    folder.write(TRAIN_LABELS, &idx(&[3], 0..=9)[..9]);
    folder.says(TRAIN_LABELS, "truncated: holds 9 bytes, but needs 11");
}

#[test]
fn extents_beyond_memory() {
    let folder = Folder::new("extents-beyond-memory");
    let header = [0x803, u32::MAX, u32::MAX, u32::MAX].map(u32::to_be_bytes).concat();
    folder.write(TRAIN_IMAGES, &header);
    folder.says(TRAIN_IMAGES, "truncated: holds 16 bytes, but needs 79228162458924105385300197391");
}

#[test]
fn too_long() {
    let folder = Folder::new("too-long");
    folder.write(TRAIN_LABELS, &[&idx(&[3], 0..=9)[..], &[0]].concat());
    folder.says(TRAIN_LABELS, "holds 12 bytes, but its header promises 11");
}

#[test]
fn no_images() {
    let folder = Folder::new("no-images");
    folder.write(TEST_IMAGES, &idx(&[0, 28, 28], 0..=255));
    folder.says(TEST_IMAGES, "holds no images");
}

#[test]
fn another_size() {
    let folder = Folder::new("another-size");
    folder.write(TEST_IMAGES, &idx(&[2, 8, 8], 0..=16));
    folder.says(TEST_IMAGES, "holds images of 8x8 pixels instead of 28x28");
}

#[test]
fn label_out_of_range() {
    let folder = Folder::new("label-out-of-range");
    folder.write(TEST_LABELS, &idx(&[2], 9..=10));
    folder.says(TEST_LABELS, "label 10 at position 1; labels are 0 to 9");
}

#[test]
fn mismatched_counts() {
    let folder = Folder::new("mismatched-counts");
    folder.write(TRAIN_LABELS, &idx(&[4], 0..=9));
    folder.says(TRAIN_LABELS, "holds 4 labels for 3 images");
}

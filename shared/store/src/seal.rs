//! Master key, data keys and sealed payloads. Pure but for the master key's file.
//!
//! ```text
//! master key (32 bytes, outside the database)
//!   ├─ derive("wrap") ──────── wraps each data key     AAD: field("fengqiao data key") ‖ field(aggregate_id)
//!   ├─ derive("fingerprint") ─ HMAC-SHA-256 of request contents
//!   ├─ hash_key(label) ─────── HMAC-SHA-256 of what is looked up by equality without being stored
//!   └─ derive(label)
//! data key (32 random bytes, one per aggregate, stored wrapped)
//!   ├─ seals each payload                               AAD: field("fengqiao sealed") ‖ field(aggregate_id) ‖ field(version)
//!   └─ derive(label, info)
//! box = 12 random bytes (nonce) ‖ ChaCha20-Poly1305 ciphertext ‖ 16 bytes (tag)
//! derive = HKDF-SHA-256, salt = "fengqiao " ‖ label; field() as in envelope.rs
//! ```

use crate::StoreError;
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Bytes of every key.
const KEY_LEN: usize = 32;

/// The key that wraps the data keys. It lives outside the database; who loses it loses every sealed payload.
pub struct MasterKey {
    bytes: Secret,
    wrapping: LessSafeKey,
    fingerprints: hmac::Key,
}

impl MasterKey {
    /// Reads the key file, or makes it when there is none (64 hexadecimal digits, readable by its owner only). Errors:
    /// `Key` when others may read the file or it holds something else, `Io`.
    pub fn load_or_create(path: &Path) -> Result<Self, StoreError> {
        match File::open(path) {
            Ok(file) => Self::read(file, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path)?;
                Self::load(path)
            }
            Err(source) => Err(StoreError::Io { what: "open", path: path.to_owned(), source }),
        }
    }

    /// Reads the key file; there must be one. Errors as for `load_or_create`.
    pub fn load(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(|source| StoreError::Io { what: "open", path: path.to_owned(), source })?;
        Self::read(file, path)
    }

    fn read(file: File, path: &Path) -> Result<Self, StoreError> {
        let io_error = |source| StoreError::Io { what: "read", path: path.to_owned(), source };
        let mode = file.metadata().map_err(io_error)?.permissions().mode();
        if mode & 0o077 != 0 {
            let mode = mode & 0o777;
            return Err(StoreError::Key(format!(
                "the master key {} is open to others (mode {mode:03o}): run chmod 600",
                path.display()
            )));
        }
        let mut text = String::new();
        // A key file is short; whatever is longer is another file.
        file.take(4096).read_to_string(&mut text).map_err(io_error)?;
        Self::from_hex(text.trim())
            .map_err(|_| StoreError::Key(format!("{} is not a master key: must be 64 hexadecimal digits", path.display())))
    }

    /// The key with these 64 hexadecimal digits. Errors: `Key`.
    pub fn from_hex(text: &str) -> Result<Self, StoreError> {
        let wrong = || StoreError::Key("a master key must be 64 hexadecimal digits".to_owned());
        if text.len() != 2 * KEY_LEN || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut bytes = [0; KEY_LEN];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self::from_bytes(bytes))
    }

    fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self {
            wrapping: aead_key(&derive(&bytes, "wrap", &[])),
            fingerprints: hmac::Key::new(hmac::HMAC_SHA256, &derive(&bytes, "fingerprint", &[])),
            bytes: Secret(bytes),
        }
    }

    /// A key for one purpose. Derive once and keep it.
    pub fn derive(&self, label: &str) -> [u8; 32] {
        derive(&self.bytes.0, label, &[])
    }

    /// A key that hashes for one purpose. Make it once and keep it.
    pub fn hash_key(&self, label: &str) -> HashKey {
        HashKey(hmac::Key::new(hmac::HMAC_SHA256, &self.derive(label)))
    }

    /// A keyed hash of a request's content: equal contents are recognised, and nobody without the key can guess them.
    pub fn fingerprint(&self, content: &[u8]) -> Vec<u8> {
        hmac::sign(&self.fingerprints, content).as_ref().to_vec()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

/// Hashes for one purpose: what is equal is found, and nobody without the master key can guess what it was.
pub struct HashKey(hmac::Key);

impl HashKey {
    /// The first eight bytes of the hash, as a number for a column.
    pub fn mark(&self, text: &str) -> i64 {
        let hash = hmac::sign(&self.0, text.as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash.as_ref()[..8]);
        i64::from_be_bytes(bytes)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(hidden)")
    }
}

/// The key of one aggregate's sealed payloads.
pub struct DataKey {
    bytes: Secret,
    sealing: LessSafeKey,
}

impl DataKey {
    /// A new random key.
    pub fn generate() -> Self {
        let mut bytes = [0; KEY_LEN];
        random(&mut bytes);
        Self::from_bytes(bytes)
    }

    /// The key with these bytes, such as one handed over by another service.
    pub fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self { sealing: aead_key(&bytes), bytes: Secret(bytes) }
    }

    /// The key's bytes, to hand them to a service that may have them. Never log or store them.
    pub fn expose(&self) -> &[u8; KEY_LEN] {
        &self.bytes.0
    }

    /// The key as it may be stored.
    pub fn wrap(&self, master: &MasterKey, aggregate_id: &str) -> Vec<u8> {
        encrypt(&master.wrapping, &aad(&[b"fengqiao data key", aggregate_id.as_bytes()]), &self.bytes.0)
    }

    /// The stored key of an aggregate. Errors: `Key` when the master key is another one, or the stored bytes were changed.
    pub fn unwrap(wrapped: &[u8], master: &MasterKey, aggregate_id: &str) -> Result<Self, StoreError> {
        decrypt(&master.wrapping, &aad(&[b"fengqiao data key", aggregate_id.as_bytes()]), wrapped)
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self::from_bytes)
            .ok_or_else(|| {
                StoreError::Key(format!("the data key of {aggregate_id} does not open: another master key, or changed"))
            })
    }

    /// A key for one purpose, bound to `info`.
    pub fn derive(&self, label: &str, info: &[u8]) -> [u8; 32] {
        derive(&self.bytes.0, label, info)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(hidden)")
    }
}

/// Seals a payload of one version of an aggregate.
pub fn seal(key: &DataKey, aggregate_id: &str, version: i64, plaintext: &[u8]) -> Vec<u8> {
    encrypt(&key.sealing, &sealed_aad(aggregate_id, version), plaintext)
}

/// Opens a sealed payload. Errors: `Key` when it was sealed with another key, for another version, or was changed.
pub fn open_sealed(key: &DataKey, aggregate_id: &str, version: i64, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    decrypt(&key.sealing, &sealed_aad(aggregate_id, version), sealed)
        .ok_or_else(|| StoreError::Key(format!("the sealed payload of {aggregate_id} version {version} does not open")))
}

/// Bytes that are overwritten when they are dropped.
struct Secret([u8; KEY_LEN]);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0 = [0; KEY_LEN];
        // Or the compiler would leave the overwriting out.
        std::hint::black_box(&mut self.0);
    }
}

fn sealed_aad(aggregate_id: &str, version: i64) -> Vec<u8> {
    aad(&[b"fengqiao sealed", aggregate_id.as_bytes(), &version.to_be_bytes()])
}

fn aad(fields: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(96);
    for field in fields {
        all.extend_from_slice(&u32::try_from(field.len()).expect("ids are short").to_be_bytes());
        all.extend_from_slice(field);
    }
    all
}

fn aead_key(bytes: &[u8; KEY_LEN]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, bytes).expect("the key has the cipher's length"))
}

fn encrypt(key: &LessSafeKey, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    random(&mut nonce);
    let mut sealed = Vec::with_capacity(NONCE_LEN + plaintext.len() + CHACHA20_POLY1305.tag_len());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plaintext);
    let tag = key
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed[NONCE_LEN..])
        .expect("payloads are far below the cipher's 256 GiB");
    sealed.extend_from_slice(tag.as_ref());
    sealed
}

fn decrypt(key: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut rest = rest.to_vec();
    let length = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut rest).ok()?.len();
    rest.truncate(length);
    Some(rest)
}

fn derive(key: &[u8; KEY_LEN], label: &str, info: &[u8]) -> [u8; 32] {
    let mut derived = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, format!("fengqiao {label}").as_bytes())
        .extract(key)
        .expand(&[info], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut derived))
        .expect("32 bytes are what this key type asks for");
    derived
}

fn random(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system's random source works");
}

/// Writes a new key to a file beside, makes it durable, and gives it its name; a file that is there meanwhile stays.
fn create(path: &Path) -> Result<(), StoreError> {
    let io_error = |what, path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::Io { what, path, source }
    };
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io_error("create", directory))?;
    let mut key = Secret([0; KEY_LEN]);
    random(&mut key.0);
    let mut suffix = [0; 8];
    random(&mut suffix);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}", u64::from_be_bytes(suffix)));
    let beside = Path::new(&name);
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(beside).map_err(io_error("create", beside))?;
    let text: String = key.0.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n";
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io_error("write", beside))?;
    // Linking fails where renaming would replace: two processes starting at once end up with the same key.
    let linked = match std::fs::hard_link(beside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(io_error("create", path)(error)),
        _ => Ok(()),
    };
    std::fs::remove_file(beside).map_err(io_error("remove", beside))?;
    linked?;
    File::open(directory).and_then(|d| d.sync_all()).map_err(io_error("sync", directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master() -> MasterKey {
        MasterKey::from_hex(&"0f".repeat(32)).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_with_the_same_key_id_and_version_only() {
        let key = DataKey::generate();
        let mut sealed = seal(&key, "a", 1, b"name");
        assert_eq!(open_sealed(&key, "a", 1, &sealed).unwrap(), b"name");
        assert!(open_sealed(&key, "b", 1, &sealed).is_err());
        assert!(open_sealed(&key, "a", 2, &sealed).is_err());
        assert!(open_sealed(&DataKey::generate(), "a", 1, &sealed).is_err());
        assert!(open_sealed(&key, "a", 1, &sealed[..11]).is_err());
        assert_ne!(seal(&key, "a", 1, b"name"), sealed);
        *sealed.last_mut().unwrap() ^= 1;
        assert!(open_sealed(&key, "a", 1, &sealed).is_err());
    }

    #[test]
    fn a_wrapped_key_opens_under_its_master_key_and_aggregate_only() {
        let key = DataKey::generate();
        let wrapped = key.wrap(&master(), "a");
        let same = DataKey::unwrap(&wrapped, &master(), "a").unwrap();
        assert_eq!(same.expose(), key.expose());
        assert!(DataKey::unwrap(&wrapped, &master(), "b").is_err());
        assert!(DataKey::unwrap(&wrapped, &MasterKey::from_hex(&"0e".repeat(32)).unwrap(), "a").is_err());
    }

    #[test]
    fn derived_keys_differ_by_label_and_info_and_stay_the_same() {
        let key = DataKey::from_bytes([7; 32]);
        assert_ne!(key.derive("code", b"1"), key.derive("code", b"2"));
        assert_ne!(key.derive("code", b"1"), key.derive("other", b"1"));
        assert_eq!(key.derive("code", b"1"), DataKey::from_bytes([7; 32]).derive("code", b"1"));
        assert_ne!(master().derive("wrap"), master().derive("fingerprint"));
        assert_eq!(master().fingerprint(b"x"), master().fingerprint(b"x"));
        assert_eq!(master().hash_key("a").mark("x"), master().hash_key("a").mark("x"));
        assert_ne!(master().hash_key("a").mark("x"), master().hash_key("b").mark("x"));
        assert_ne!(master().fingerprint(b"x"), master().fingerprint(b"y"));
    }

    #[test]
    fn keys_do_not_show_in_debug() {
        assert_eq!(format!("{:?} {:?}", master(), DataKey::generate()), "MasterKey(hidden) DataKey(hidden)");
    }

    #[test]
    fn the_key_file_is_made_once_and_must_be_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys/master");
        let first = MasterKey::load_or_create(&path).unwrap();
        let again = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(first.derive("x"), again.derive("x"));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = MasterKey::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("mode 640"), "{error}");

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "not a key").unwrap();
        assert!(matches!(MasterKey::load_or_create(&path), Err(StoreError::Key(_))));
    }
}

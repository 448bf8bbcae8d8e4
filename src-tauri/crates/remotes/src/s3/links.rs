//! Public links into a bucket: addresses that are signed to be read.

use std::time::{Duration, SystemTime};

use rusty_s3::Method;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::units::Timestamp;

use super::S3;
use super::store::Ask;
use crate::Link;

/// The longest that a signature holds, by the protocol (AWS Signature Version 4, `X-Amz-Expires`).
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// The same with the keys of a session, whose end they do not tell: as long as most sessions have. A link never
/// outlives its session, whatever it says.
const LONGEST_OF_SESSION: Duration = Duration::from_secs(3600);

impl S3 {
    /// A link to an object, which the store is not asked for: good for so long, seven days at most, one hour at most
    /// with the keys of a session.
    ///
    /// # Errors
    /// `Expired` for what is no object of this bucket, `Fatal` for a link that would be good for no second.
    pub fn link(&self, object: &ObjectId, expires_in: Duration) -> Result<Link, RemoteError> {
        let refused = |class, why| RemoteError::new(Operation::Read, class, why);
        let key = self.address.key_of(&object.0).ok_or_else(|| refused(Class::Expired, "there is no such object"))?;
        let longest = if self.store.credentials.get().token().is_some() { LONGEST_OF_SESSION } else { LONGEST };
        let good = Duration::from_secs(expires_in.min(longest).as_secs());
        if good.is_zero() {
            return Err(refused(Class::Fatal, "a link is good for one second at least"));
        }
        let now = Timestamp::from(SystemTime::now());
        let url = self.store.address(Ask::of(Method::Get, key), good).into();
        Ok(Link { url, expires_at: now.after(good) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::S3Credentials;
    use crate::{Connection, ConnectionSetup};

    fn bucket(token: Option<&str>) -> S3 {
        let address = "s3://films/raw?endpoint=https://s3.example&region=eu-1".parse().expect("an address");
        let keys = S3Credentials::new("AKIA", "s3cret", token.map(str::to_owned));
        S3::new(address, keys, Connection::new(&ConnectionSetup::default()).expect("a connection")).expect("a bucket")
    }

    fn link(bucket: &S3, days: u64) -> String {
        let object = ObjectId("s3://films/raw/a film.mov".to_owned());
        let link = bucket.link(&object, Duration::from_secs(days * 24 * 3600)).expect("a link");
        assert!(!format!("{link:?}").contains("Signature"), "what signs it is not shown");
        link.url
    }

    #[test]
    fn a_link_is_signed_for_as_long_as_the_protocol_and_the_keys_permit() {
        let keys = bucket(None);
        let url = link(&keys, 1);
        assert!(url.starts_with("https://s3.example/films/raw/a%20film.mov?"), "the object itself: {url}");
        assert!(url.contains("X-Amz-Expires=86400&") && url.contains("X-Amz-Signature="), "signed for a day: {url}");
        assert!(!url.contains("s3cret"), "the secret key is in no address");
        assert!(link(&keys, 30).contains("X-Amz-Expires=604800&"), "the protocol has seven days");
        assert!(link(&bucket(Some("session")), 30).contains("X-Amz-Expires=3600&"), "a session ends sooner");
    }

    #[test]
    fn what_is_elsewhere_or_good_for_no_time_has_no_link() {
        let keys = bucket(None);
        let day = Duration::from_secs(86400);
        let elsewhere = keys.link(&ObjectId("s3://others/a.mov".to_owned()), day).expect_err("another bucket");
        assert_eq!(elsewhere.class, Class::Expired, "it is not there");
        let none = keys.link(&ObjectId("s3://films/raw/a.mov".to_owned()), Duration::ZERO);
        assert_eq!(none.expect_err("no second").class, Class::Fatal, "it would never work");
    }
}

//! Between what a form holds and what the book keeps.

use headless::destinations::{Entry, EntryError, Place, Style};
use headless::secrets::{Secret, SecretPlace};
use toml::Table;
use transfer::ids::DestinationId;
use transfer::placing::{Taken, Template};
use transfer::units::Rate;

use crate::view::{DestinationForm, KindView, PlaceView, SecretForm, SecretPlaceView, StyleView, TakenView};

/// An entry of the book from a form; what `old` has that no form shows stays.
pub(super) fn entry(id: DestinationId, form: DestinationForm, old: Option<&Entry>) -> Result<Entry, EntryError> {
    let DestinationForm { name, place, taken, limit, template, proxy, authorities } = form;
    let limit = limit.and_then(Rate::bytes_per_second);
    let (secret, more) = old.map_or((None, Table::new()), |old| (old.secret, old.more.clone()));
    let (place, taken, template) = (self::place(place), self::taken(taken), template.trim().parse()?);
    Entry { id, name, taken, limit, template, proxy, authorities, secret, place, more }.checked()
}

/// A form as the window shows it.
pub(super) fn form(entry: &Entry) -> DestinationForm {
    DestinationForm {
        name: entry.name.clone(),
        place: place_view(&entry.place),
        taken: match entry.taken {
            Taken::KeepBoth => TakenView::KeepBoth,
            Taken::Replace => TakenView::Replace,
            Taken::Skip => TakenView::Skip,
        },
        limit: entry.limit.map(Rate::get),
        template: entry.template.clone().into(),
        proxy: entry.proxy.clone(),
        authorities: entry.authorities.clone(),
    }
}

/// A proposal: everything usual but its name and place.
pub(super) fn proposal(name: String, place: &Place) -> DestinationForm {
    let (taken, template) = (TakenView::KeepBoth, Template::default().into());
    DestinationForm { name, place: place_view(place), taken, limit: None, template, proxy: None, authorities: None }
}

/// The secret that a form brings; none where it brings none.
pub(super) fn secret(form: SecretForm) -> Option<Secret> {
    match form {
        SecretForm::Keep | SecretForm::None => None,
        SecretForm::Token { token } => Some(Secret::Token(token.trim().to_owned())),
        SecretForm::Keys { access_key, secret_key, session_token } => {
            let plain = |text: String| text.trim().to_owned();
            let session_token = session_token.map(plain).filter(|token| !token.is_empty());
            Some(Secret::Keys { access_key: plain(access_key), secret_key: plain(secret_key), session_token })
        }
    }
}

pub(super) fn kind(place: &Place) -> KindView {
    match place {
        Place::Vault { .. } => KindView::Vault,
        Place::Server { .. } => KindView::Server,
        Place::Tus { .. } => KindView::Tus,
        Place::S3 { .. } => KindView::S3,
    }
}

pub(super) fn secret_place(place: SecretPlace) -> SecretPlaceView {
    match place {
        SecretPlace::Keyring => SecretPlaceView::Keyring,
        SecretPlace::File => SecretPlaceView::File,
    }
}

fn place(view: PlaceView) -> Place {
    match view {
        PlaceView::Vault { folder } => Place::Vault { folder },
        PlaceView::Server { url } => Place::Server { url },
        PlaceView::Tus { url } => Place::Tus { url },
        PlaceView::S3 { endpoint, region, bucket, prefix, style } => {
            let style = match style {
                StyleView::Auto => Style::Auto,
                StyleView::Path => Style::Path,
                StyleView::Host => Style::Host,
            };
            Place::S3 { endpoint, region, bucket, prefix, style }
        }
    }
}

fn place_view(place: &Place) -> PlaceView {
    match place.clone() {
        Place::Vault { folder } => PlaceView::Vault { folder },
        Place::Server { url } => PlaceView::Server { url },
        Place::Tus { url } => PlaceView::Tus { url },
        Place::S3 { endpoint, region, bucket, prefix, style } => {
            let style = match style {
                Style::Auto => StyleView::Auto,
                Style::Path => StyleView::Path,
                Style::Host => StyleView::Host,
            };
            PlaceView::S3 { endpoint, region, bucket, prefix, style }
        }
    }
}

fn taken(view: TakenView) -> Taken {
    match view {
        TakenView::KeepBoth => Taken::KeepBoth,
        TakenView::Replace => Taken::Replace,
        TakenView::Skip => Taken::Skip,
    }
}

//! The commands as methods. Dropping a future that has begun leaves the outcome unknown, like a time-out.

use secrecy::SecretString;
use wire::Exchange;

use super::Client;
use crate::auth::Auth;
use crate::commands::{
    BusinessUnit, CertificateInfo, CertificateInfoRequest, Cleanup, CleanupDone, CloseShift, DocumentAnswer, Documents,
    GetCheck, GetZRep, LastShiftTotals, ObjectsRequest, OpenShift, RegisterCheck, RegisterZRep, RegisteredCheck,
    RegisteredDocument, RegistrarState, SendCheckToConsumer, ServerState, ServerStateRequest, Setup, SetupRegistrar,
    Shift, ShiftClosed, ShiftTotals, Shifts, TapeDocument, TransactionsRegistrarState,
};
use crate::error::Error;

type Told<T> = Exchange<T, Error>;

impl Client {
    /// Is the service up (sheet §4.1). No key; safe to repeat.
    pub async fn server_state(&self) -> Told<ServerState> {
        self.send(&ServerStateRequest {}).await
    }

    /// What a certificate (base64, see [`Auth::certificate`]) says (sheet §4.2). Safe to repeat.
    pub async fn certificate_info(&self, certificate: &SecretString) -> Told<CertificateInfo> {
        self.send(&CertificateInfoRequest { certificate }).await
    }

    /// The business units and registers the key may see (sheet §4.3). Safe to repeat.
    pub async fn objects(&self) -> Told<Vec<BusinessUnit>> {
        self.send(&ObjectsRequest {}).await
    }

    /// A register's state (sheet §4.4). Safe to repeat.
    pub async fn transactions_registrar_state(&self, request: &TransactionsRegistrarState) -> Told<RegistrarState> {
        self.send(request).await
    }

    /// Opens a shift (sheet §4.5): one fiscal document. Not safe to repeat on [`Class::Unknown`](crate::Class::Unknown).
    pub async fn open_shift(&self, request: &OpenShift) -> Told<RegisteredDocument> {
        self.send(request).await
    }

    /// Registers a check (sheet §4.6): one fiscal document, two with an automatic opening. Not safe to repeat on
    /// [`Class::Unknown`](crate::Class::Unknown).
    pub async fn register_check(&self, request: &RegisterCheck) -> Told<RegisteredCheck> {
        self.send(request).await
    }

    /// Registers the Z-report (sheet §4.7): one fiscal document. Repeated in the same shift it is refused with
    /// `ZRepAlreadyRegistered`.
    pub async fn register_z_rep(&self, request: &RegisterZRep) -> Told<RegisteredDocument> {
        self.send(request).await
    }

    /// Closes the shift (sheet §4.8): one fiscal document, two with `z_rep_auto`. Repeated it is refused with
    /// `ShiftNotOpened`, unless a new shift was opened in between.
    pub async fn close_shift(&self, request: &CloseShift) -> Told<ShiftClosed> {
        self.send(request).await
    }

    /// The totals of the shift (sheet §4.9). Safe to repeat.
    pub async fn last_shift_totals(&self, request: &LastShiftTotals) -> Told<ShiftTotals> {
        self.send(request).await
    }

    /// One check (sheet §4.10). No key; safe to repeat.
    pub async fn get_check(&self, request: &GetCheck) -> Told<DocumentAnswer> {
        self.send(request).await
    }

    /// One Z-report (sheet §4.10). No key; safe to repeat.
    pub async fn get_z_rep(&self, request: &GetZRep) -> Told<DocumentAnswer> {
        self.send(request).await
    }

    /// Brings the provider's view of the register in line with the tax service's (sheet §4.11). May make up to two
    /// fiscal documents.
    pub async fn cleanup(&self, request: &Cleanup) -> Told<CleanupDone> {
        self.send(request).await
    }

    /// The shifts of a period (sheet §4.12). Safe to repeat.
    pub async fn shifts(&self, request: &Shifts) -> Told<Vec<Shift>> {
        self.send(request).await
    }

    /// The documents of a shift as the tax service has them (sheet §4.13). Safe to repeat.
    pub async fn documents(&self, request: &Documents) -> Told<Vec<TapeDocument>> {
        self.send(request).await
    }

    /// Stores a key at the provider (sheet §4.14), after which [`Auth::Stored`] should do. Made for [`Auth::Keys`];
    /// what it does with the others is unknown. Safe to repeat.
    pub async fn setup(&self, auth: &Auth) -> Told<()> {
        self.send(&Setup { auth }).await
    }

    /// Sets how a register works (sheet §4.15). No key; safe to repeat.
    pub async fn setup_registrar(&self, request: &SetupRegistrar) -> Told<()> {
        self.send(request).await
    }

    /// Sends a receipt to the buyer's phone (sheet §4.16). Repeated it may send a second message.
    pub async fn send_check_to_consumer(&self, request: &SendCheckToConsumer) -> Told<()> {
        self.send(request).await
    }
}

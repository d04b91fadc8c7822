//! What is kept with an intent: the body exactly as it is sent, and where it is sent to. A body is only ever sent again
//! to the group that may know it: another group would register it a second time.

use ::atol_online::{Operation, Version};
use serde::{Deserialize, Serialize};

use super::setup::{self, Setup};

/// A document as it is sent. No `Debug`: the body names the buyer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Envelope {
    operation: String,
    /// The id by which the service knows a document that comes again; also in the body.
    pub external_id: String,
    address: String,
    pub group: String,
    protocol: String,
    pub body: String,
}

impl Envelope {
    pub fn new(setup: &Setup, operation: Operation, external_id: String, body: String) -> Self {
        Self {
            operation: operation.as_str().to_owned(),
            external_id,
            address: setup.address.clone(),
            group: setup.group.clone(),
            protocol: setup.version.as_str().to_owned(),
            body,
        }
    }

    /// As it is kept.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it back; `None`: it was written for another provider.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn operation(&self) -> Option<Operation> {
        Operation::from_wire(&self.operation)
    }

    pub fn version(&self) -> Option<Version> {
        setup::version(&self.protocol)
    }

    /// The service it was sent to is the one in the settings.
    pub fn same_service(&self, setup: &Setup) -> bool {
        self.address == setup.address
    }

    /// The group and the protocol, too.
    pub fn same_group(&self, setup: &Setup) -> bool {
        self.same_service(setup) && self.group == setup.group && self.protocol == setup.version.as_str()
    }
}

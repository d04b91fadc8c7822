/// How far a dialogue with a mail server had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The name, TCP, and TLS where it comes first.
    Connect,
    /// The server's first line.
    Greeting,
    /// `EHLO`.
    Hello,
    /// `STARTTLS` and the handshake after it.
    StartTls,
    /// `AUTH`.
    SignIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`.
    Data,
    /// The letter itself; its last dot has not been sent.
    Letter,
    /// The last dot has been sent, or part of it: what the server did with the letter only its answer tells.
    Answer,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "the connection",
            Self::Greeting => "the greeting",
            Self::Hello => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::SignIn => "signing in",
            Self::Sender => "the sender",
            Self::Recipient => "the recipient",
            Self::Data => "DATA",
            Self::Letter => "the letter",
            Self::Answer => "the letter's end",
        })
    }
}

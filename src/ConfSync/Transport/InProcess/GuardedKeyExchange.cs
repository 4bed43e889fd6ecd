using System.Security.Cryptography;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Compression;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Transport;
using Renci.SshNet.Security;
using Renci.SshNet.Security.Cryptography;

namespace ConfSync.Transport;

/// <summary>One key exchange of the library, which fails unless the server has proved to have a key that is known. The
/// library accepts every key where it is not told otherwise, and lets the server choose when the new keys are used. A
/// connection has one such object for each of its key exchanges.</summary>
/// <param name="trusts">Decides about the server's key, in SSH's encoding.</param>
/// <param name="started">Told of the session and the server's offer. An exception ends the connection.</param>
internal sealed class GuardedKeyExchange(
    IKeyExchange exchange, Func<ReadOnlyMemory<byte>, bool> trusts, Action<Session, KeyExchangeInitMessage> started) : IKeyExchange
{
    private bool isTrusted;

    public event EventHandler<HostKeyEventArgs>? HostKeyReceived
    {
        // The library's own handler decides nothing, because none is set there.
        add => exchange.HostKeyReceived += value;
        remove => exchange.HostKeyReceived -= value;
    }

    public string Name => exchange.Name;

    public byte[] ExchangeHash => Proven().ExchangeHash;

    public void Start(Session session, KeyExchangeInitMessage message, bool sendClientInitMessage)
    {
        exchange.HostKeyReceived += Judge;
        started(session, message);
        exchange.Start(session, message, sendClientInitMessage);
    }

    public void Finish() => exchange.Finish();

    public Cipher CreateServerCipher(out bool isAead) => Proven().CreateServerCipher(out isAead);

    public Cipher CreateClientCipher(out bool isAead) => Proven().CreateClientCipher(out isAead);

    public HashAlgorithm CreateServerHash(out bool isEncryptThenMAC) => Proven().CreateServerHash(out isEncryptThenMAC);

    public HashAlgorithm CreateClientHash(out bool isEncryptThenMAC) => Proven().CreateClientHash(out isEncryptThenMAC);

    public Compressor CreateCompressor() => exchange.CreateCompressor();

    public Compressor CreateDecompressor() => exchange.CreateDecompressor();

    public void Dispose() => exchange.Dispose();

    // The library has verified by now that the server signed with this key. A handler that throws trusts nothing.
    private void Judge(object? sender, HostKeyEventArgs question)
    {
        question.CanTrust = false;
        isTrusted = question.Certificate is null && trusts(question.HostKey);
        question.CanTrust = isTrusted;
    }

    // A server that sends NEWKEYS too early has proved nothing.
    private IKeyExchange Proven() => isTrusted && exchange.ExchangeHash is not null
        ? exchange
        : throw new SshConnectionException("The server changed to new keys before it proved who it is.", DisconnectReason.KeyExchangeFailed);
}

/// <summary>Sends messages of the connection protocol. The library lets only a key exchange send, so that this is one; it is
/// never negotiated.</summary>
internal sealed class MessageSender : KeyExchange
{
    public override string Name => "none";

    /// <summary>Sends one message, and waits until the system has taken it.</summary>
    /// <exception cref="SshException">The connection has ended.</exception>
    public void Send(Message message) => SendMessage(message);

    protected override bool ValidateExchangeHash() => false;

    protected override byte[] CalculateHash() => [];

    protected override byte[] Hash(byte[] hashData) => [];
}

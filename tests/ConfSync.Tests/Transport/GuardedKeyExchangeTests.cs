using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Transport;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Compression;
using Renci.SshNet.Messages.Transport;
using Renci.SshNet.Security;
using Renci.SshNet.Security.Cryptography;

namespace ConfSync.Tests.Transport;

/// <summary>A server that has not proved to have a known key gets nowhere, at the first key exchange and at each later
/// one.</summary>
public sealed class GuardedKeyExchangeTests
{
    [Test]
    public void The_library_has_the_private_field_that_is_used() => Assert.That(
        typeof(Session).GetField("_socket", BindingFlags.Instance | BindingFlags.NonPublic)?.FieldType, Is.EqualTo(typeof(Socket)));

    [Test]
    public void A_known_key_is_trusted_and_another_one_is_not([Values] bool known)
    {
        var exchange = new Exchange();
        using var guarded = Begun(exchange, key => known && key.Span.SequenceEqual(exchange.Key.Data));

        Assert.That(exchange.Ask(), Is.EqualTo(known));
        if (known) Assert.That(guarded.ExchangeHash, Is.Not.Empty);
        else Assert.That(() => guarded.ExchangeHash, Throws.InstanceOf<SshConnectionException>());
    }

    [Test]
    public void A_question_that_fails_trusts_nothing()
    {
        var exchange = new Exchange();
        using var guarded = Begun(exchange, _ => throw new IOException("the file cannot be read"));

        Assert.That(exchange.Ask, Throws.InstanceOf<IOException>());
        Assert.That(exchange.Asked?.CanTrust, Is.False);
        Assert.That(() => guarded.CreateClientCipher(out _), Throws.InstanceOf<SshConnectionException>());
    }

    [Test]
    public void New_keys_without_a_proof_are_refused()
    {
        using var guarded = Begun(new Exchange(), _ => true);

        Assert.That(() => guarded.ExchangeHash, Throws.InstanceOf<SshConnectionException>());
        Assert.That(() => guarded.CreateServerCipher(out _), Throws.InstanceOf<SshConnectionException>());
        Assert.That(() => guarded.CreateServerHash(out _), Throws.InstanceOf<SshConnectionException>());
    }

    [Test]
    public void Each_exchange_is_judged_by_its_own_key()
    {
        Exchange first = new(), second = new();
        bool Trusts(ReadOnlyMemory<byte> key) => key.Span.SequenceEqual(first.Key.Data);
        using var one = Begun(first, Trusts);
        using var other = Begun(second, Trusts);

        Assert.That(first.Ask(), Is.True);
        Assert.That(second.Ask(), Is.False);
        Assert.That(() => other.CreateClientHash(out _), Throws.InstanceOf<SshConnectionException>());
    }

    private static GuardedKeyExchange Begun(Exchange exchange, Func<ReadOnlyMemory<byte>, bool> trusts)
    {
        var guarded = new GuardedKeyExchange(exchange, trusts, (_, _) => { });
        guarded.Start(null!, new KeyExchangeInitMessage(), false);
        return guarded;
    }

    /// <summary>What the library's own would do, less the mathematics.</summary>
    private sealed class Exchange : IKeyExchange
    {
        public event EventHandler<HostKeyEventArgs>? HostKeyReceived;

        public KeyHostAlgorithm Key { get; } = NewKey();

        public HostKeyEventArgs? Asked { get; private set; }

        public string Name => "test";

        public byte[] ExchangeHash => [1];

        /// <summary>Asks whether the key is to be trusted, as the library does once the signature is verified.</summary>
        public bool Ask()
        {
            Asked = new HostKeyEventArgs(Key);
            HostKeyReceived?.Invoke(this, Asked);
            return Asked.CanTrust;
        }

        public void Start(Session session, KeyExchangeInitMessage message, bool sendClientInitMessage)
        {
            // The server has not answered yet.
        }

        public void Finish() => throw new NotSupportedException();

        public Cipher CreateClientCipher(out bool isAead) => throw new NotSupportedException();

        public Cipher CreateServerCipher(out bool isAead) => throw new NotSupportedException();

        public HashAlgorithm CreateServerHash(out bool isEncryptThenMAC) => throw new NotSupportedException();

        public HashAlgorithm CreateClientHash(out bool isEncryptThenMAC) => throw new NotSupportedException();

        public Compressor CreateCompressor() => throw new NotSupportedException();

        public Compressor CreateDecompressor() => throw new NotSupportedException();

        public void Dispose()
        {
            // It holds nothing.
        }

        private static KeyHostAlgorithm NewKey()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var file = new MemoryStream(Encoding.ASCII.GetBytes(key.ExportECPrivateKeyPem() + "\n"));
            return (KeyHostAlgorithm)new PrivateKeyFile(file).HostKeyAlgorithms.First();
        }
    }
}

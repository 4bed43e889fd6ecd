using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Transport;

namespace ConfSync.Transport;

/// <summary>How far a login has come. The order counts.</summary>
internal enum LoginPhase
{
    /// <summary>Nothing has come from the server.</summary>
    Connecting,

    /// <summary>The server has said that it speaks SSH. What fails from here on, ssh may be able to do.</summary>
    Negotiating,
    LoggedIn,
}

/// <summary>One connection of the SSH library. This is the only class that knows how the library works inside: the session
/// and its socket are not offered by its client, and nor is a way to send messages of a channel.</summary>
internal sealed class SshConnection(SshLogin login, IChannelEvents events) : IDisposable
{
    // IPPROTO_TCP and TCP_QUICKACK of tcp(7).
    private const int TcpLevel = 6;
    private const int QuickAcknowledge = 12;

    private readonly MessageSender sender = new();
    private SshClient? client;
    private Session? session;
    private volatile bool isCut;

    public LoginPhase Phase { get; private set; }

    /// <summary>Logs in. Waits for it.</summary>
    /// <exception cref="SshException">The server refused, or did not answer in time.</exception>
    /// <exception cref="SocketException">There is no connection.</exception>
    public void Open()
    {
        var addresses = Dns.GetHostAddresses(login.Host, login.Family);
        for (var i = 0; ; i++)
        {
            try
            {
                Connect(addresses[i]);
                return;
            }
            catch (Exception exception) when (
                exception is SocketException or SshOperationTimeoutException && Phase == LoginPhase.Connecting && !isCut && i + 1 < addresses.Length)
            {
                // ssh, too, tries all addresses of a name.
                client?.Dispose();
            }
        }
    }

    /// <summary>Sends one message, and waits until the system has taken it. Only one thread may send.</summary>
    /// <exception cref="SshException">The connection has ended.</exception>
    public void Send(Message message) => sender.Send(message);

    /// <summary>Has the system acknowledge what came from the server at once. Without this, the server waits 40 ms for it
    /// before it sends its next packet, as it does after each small one.</summary>
    public void AcknowledgeNow()
    {
        try
        {
            Socket?.SetRawSocketOption(TcpLevel, QuickAcknowledge, [1, 0, 0, 0]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection has ended. The next message says so.
        }
    }

    /// <summary>Ends the connection at once, whatever other threads are doing with it. May be called at any time.</summary>
    public void Cut()
    {
        isCut = true;
        try
        {
            // The library's own methods wait for a thread that is sending, which may wait for the server.
            Socket?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends the connection in order if it lives. Called by the thread that sends.</summary>
    public void Dispose()
    {
        client?.Dispose();
        sender.Dispose();
    }

    private Socket? Socket => session is { } opened ? SocketOf(opened) : null;

    private void Connect(IPAddress address)
    {
        var info = new ConnectionInfo(
            address.ToString(), login.Port, login.User, new PrivateKeyAuthenticationMethod(login.User, [.. login.Identities]))
        {
            Timeout = login.Timeout,
        };
        Offer(info);
        if (login.ShowsBanner) info.AuthenticationBanner += (_, banner) => events.Says(banner.BannerMessage);
        client = new SshClient(info);
        client.ServerIdentificationReceived += (_, _) => Reach(LoginPhase.Negotiating);
        client.ErrorOccurred += (_, error) => events.Fails(error.Exception);
        client.Connect();
        // The library returns without an exception where the server ends the connection at the right moment.
        if (session is null || !client.IsConnected) throw new SshConnectionException("The server ended the connection.");
        Reach(LoginPhase.LoggedIn);
    }

    private void Offer(ConnectionInfo info)
    {
        Select(info.KeyExchangeAlgorithms, login.Algorithms.KeyExchanges, make => () => new GuardedKeyExchange(make(), login.Trusts, Begin));
        Select(info.HostKeyAlgorithms, login.Algorithms.HostKeys, algorithm => algorithm);
        Select(info.Encryptions, login.Algorithms.Ciphers, cipher => cipher);
        Select(info.HmacAlgorithms, login.Algorithms.Macs, mac => mac);
        Select(info.CompressionAlgorithms, ["none"], compression => compression);
    }

    private static void Select<T>(IOrderedDictionary<string, T> all, IEnumerable<string> names, Func<T, T> change)
    {
        var known = all.ToDictionary();
        all.Clear();
        foreach (var name in names)
        {
            if (known.TryGetValue(name, out var value)) all.Add(name, change(value));
        }
    }

    // The listening thread of the library calls this at each key exchange, the first time before any other message.
    private void Begin(Session started, KeyExchangeInitMessage offer)
    {
        if (session is null)
        {
            session = started;
            sender.Start(started, offer, false);
            Subscribe(started);
        }
        ThrowIfCut();
        AcknowledgeNow();
    }

    private void Reach(LoginPhase phase)
    {
        Phase = phase;
        ThrowIfCut();
    }

    private void ThrowIfCut()
    {
        if (isCut) throw new SshConnectionException("The connection was cut.");
    }

    private void Subscribe(Session started)
    {
        started.ChannelOpenConfirmationReceived += (_, e) => events.IsOpen(e.Message.RemoteChannelNumber, e.Message.InitialWindowSize, e.Message.MaximumPacketSize);
        started.ChannelOpenFailureReceived += (_, e) => events.IsNotOpen(e.Message.Description);
        started.ChannelSuccessReceived += (_, _) => events.IsAlive();
        started.ChannelFailureReceived += (_, _) => events.IsRefused();
        started.ChannelWindowAdjustReceived += (_, e) => events.Grows(e.Message.BytesToAdd);
        started.ChannelDataReceived += (_, e) => events.Sends(e.Message.Data.AsSpan(e.Message.Offset, e.Message.Size));
        started.ChannelExtendedDataReceived += (_, e) => events.SendsErrors(e.Message.Data);
        started.ChannelEofReceived += (_, _) => events.SendsNoMore();
        started.ChannelCloseReceived += (_, _) => events.Closes();
        started.ChannelRequestReceived += (_, e) => events.Requests(e.Message.RequestName, e.Message.RequestData);
        started.RequestSuccessReceived += (_, _) => events.IsAlive();
        started.RequestFailureReceived += (_, _) => events.IsAlive();
    }

    // The only private name of the library that is used. A unit test says when a version no longer has it.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? SocketOf(Session session);
}

/// <summary>What the server says about the one channel of a connection. The library's listening thread calls these, so that
/// none may wait.</summary>
internal interface IChannelEvents
{
    void IsOpen(uint channel, uint window, uint packet);

    void IsNotOpen(string reason);

    void IsAlive();

    /// <summary>The command was refused.</summary>
    void IsRefused();

    void Grows(uint window);

    void Sends(ReadOnlySpan<byte> output);

    void SendsErrors(ReadOnlySpan<byte> errors);

    void SendsNoMore();

    void Closes();

    /// <param name="data">What follows the name of the request: whether an answer is wanted, and more.</param>
    void Requests(string name, byte[] data);

    /// <summary>The server has words for the user.</summary>
    void Says(string words);

    /// <summary>The connection has failed, or is about to be told so by an exception of a method.</summary>
    void Fails(Exception exception);
}

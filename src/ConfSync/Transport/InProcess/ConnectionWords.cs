using System.Net.Sockets;
using Renci.SshNet.Common;

namespace ConfSync.Transport;

/// <summary>Says what failed in the words that ssh uses, because <see cref="LoginWords"/> and administrators know
/// those.</summary>
internal static class ConnectionWords
{
    /// <summary>The server was not reached, or said nothing.</summary>
    public static string OfFailure(string host, int port, LoginPhase phase, Exception exception) => exception switch
    {
        SshOperationTimeoutException when phase > LoginPhase.Connecting => FormattableString.Invariant($"Connection to {host} port {port} timed out"),
        SshOperationTimeoutException => FormattableString.Invariant($"ssh: connect to host {host} port {port}: Connection timed out"),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            $"ssh: Could not resolve hostname {host}: {exception.Message}",
        // sshd ends a connection in these two ways above its MaxStartups.
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "kex_exchange_identification: read: Connection reset by peer",
        SshConnectionException => FormattableString.Invariant($"kex_exchange_identification: Connection closed by remote host\nConnection closed by {host} port {port}"),
        SocketException => FormattableString.Invariant($"ssh: connect to host {host} port {port}: {exception.Message}"),
        _ => exception.Message,
    };

    /// <summary>The session ended before its command did.</summary>
    public static string OfLoss(string host, Exception exception) => exception is SshConnectionException or SocketException
        ? $"Connection to {host} closed by remote host."
        : exception.Message;

    /// <summary>One side refused the other.</summary>
    public static string OfRefusal(Exception exception) => exception.Message;
}

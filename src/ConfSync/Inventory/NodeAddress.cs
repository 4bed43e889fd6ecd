using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using ConfSync.Bytes;

namespace ConfSync.Inventory;

/// <summary>
/// How to log in to a node: <c>[user@]host[:port]</c>. The host is a name, an address or an alias of the user's SSH
/// configuration. Two addresses are equal if they name the same login; the host is compared without regard to case.
/// </summary>
/// <param name="User">The user; null where SSH decides.</param>
/// <param name="Host">The host; an IPv6 address is without its brackets.</param>
/// <param name="Port">The port, 1 to 65535; null where SSH decides.</param>
public sealed record NodeAddress(string? User, string Host, int? Port)
{
    // Characters that OpenSSH itself refuses (valid_hostname and valid_ruser in ssh.c), and characters that occur in
    // neither.
    private const string NotInHosts = "'`\"$\\;&<>|(){},/[]*?";
    private const string NotInUsers = "'`\"$;&<>|(){}/:,";

    /// <param name="problem">What is wrong and what to do, without the text itself; null if nothing is wrong.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out NodeAddress? address, [NotNullWhen(false)] out string? problem)
    {
        // As in ssh, a user may hold an @ and a host may not.
        var at = text.LastIndexOf('@');
        var user = at < 0 ? null : text[..at];
        problem = SplitHost(text[(at + 1)..], out var host, out var port, out var isIPv6);
        var number = 0;
        problem ??= text.StartsWith('#') ? "a # in quotes begins no comment: write it behind the closing quote, or on a line of its own" : null;
        problem ??= user is null ? null : UserProblem(user);
        problem ??= isIPv6 ? null : HostProblem(host);
        problem ??= port is null || IsPort(port, out number) ? null : "a port is a number from 1 to 65535";
        address = problem is null ? new NodeAddress(user, host, port is null ? null : number) : null;
        return address is not null;
    }

    /// <summary>The address as <see cref="TryParse"/> reads it.</summary>
    public string Text =>
        (User is null ? "" : $"{User}@") + (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host) + (Port is { } port ? FormattableString.Invariant($":{port}") : "");

    public bool Equals(NodeAddress? other) =>
        other is not null && User == other.User && Port == other.Port &&
        Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() =>
        HashCode.Combine(User, Port, StringComparer.OrdinalIgnoreCase.GetHashCode(Host));

    /// <summary>Separates host and port.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    private static string? SplitHost(string text, out string host, out string? port, out bool isIPv6)
    {
        (host, port, isIPv6) = (text, null, true);
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) return "the [ is never closed";
            host = text[1..end];
            if (!IsIPv6(host)) return "brackets are for an IPv6 address, as in [::1]:22";
            if (end + 1 == text.Length) return null;
            port = text[(end + 2)..];
            return text[end + 1] == ':' ? null : "after ] only a port can follow, as in [::1]:22";
        }
        var colon = text.LastIndexOf(':');
        if (colon >= 0 && colon != text.IndexOf(':', StringComparison.Ordinal))
        {
            if (!IsIPv6(text)) return "this is no IPv6 address; one with a port is written [::1]:22";
            return IsIPv6(text[..colon]) && IsPort(text[(colon + 1)..], out _)
                ? $"this can be read in two ways: write [{text[..colon]}]:{text[(colon + 1)..]} or [{text}]"
                : null;
        }
        isIPv6 = false;
        if (colon >= 0) (host, port) = (text[..colon], text[(colon + 1)..]);
        return null;
    }

    private static string? HostProblem(string host) => host switch
    {
        "" => "the host is missing",
        ['-', ..] => "a host cannot begin with -: ssh would take it for an option",
        _ when Forbidden(host, NotInHosts) is char c => $"a host cannot hold {Name(c)}{(c == ',' ? ": separate hosts with blanks" : "")}",
        _ when LooksLikeIPv4(host) && !IPAddress.TryParse(host, out _) => "this is no IPv4 address",
        _ => null,
    };

    private static string? UserProblem(string user) => user switch
    {
        "" => "the user is missing before the @",
        ['-', ..] => "a user cannot begin with -: ssh would take it for an option",
        [.., '\\'] => "a user cannot end with \\\\",
        _ when Forbidden(user, NotInUsers) is char c => $"a user cannot hold {Name(c)}",
        _ => null,
    };

    // Beyond ASCII, only letters and digits are allowed, because typographic quotes and invisible characters come from
    // copying.
    private static char? Forbidden(string text, string forbidden) =>
        text.Where(c => char.IsControl(c) || char.IsWhiteSpace(c) || forbidden.Contains(c, StringComparison.Ordinal) ||
            (!char.IsAscii(c) && !char.IsLetterOrDigit(c))).Cast<char?>().FirstOrDefault();

    private static string Name(char c) => c == ' ' ? "a space" : $"the character {PosixText.Printable($"{c}")}";

    private static bool LooksLikeIPv4(string host) =>
        host.Split('.') is { Length: 4 } parts && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;

    /// <summary>Whether the text is an IPv6 address, with or without a zone. Refuses other forms that
    /// <see cref="IPAddress"/> accepts.</summary>
    private static bool IsIPv6(string text)
    {
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        var address = percent < 0 ? text : text[..percent];
        return address.Contains(':', StringComparison.Ordinal) &&
            address.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') &&
            IPAddress.TryParse(address, out _) &&
            (percent < 0 || IsZone(text[(percent + 1)..]));
    }

    private static bool IsZone(string zone) =>
        zone.Length > 0 && zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

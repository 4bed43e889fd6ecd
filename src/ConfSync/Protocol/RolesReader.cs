using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Inventory;

namespace ConfSync.Protocol;

/// <summary>Puts together what the script says of a machine's addresses (look/roles.sh, look/vrrp.sh). Every word is checked for its
/// form, because a machine may say anything.</summary>
internal sealed partial class RolesReader
{
    private const int MostAddresses = 4096, MostInstances = 512;

    private readonly HashSet<IPAddress> addresses = [];
    private readonly List<(string Name, List<IPAddress> Addresses)> instances = [];
    private readonly Dictionary<string, VrrpState> states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> placed = new(StringComparer.Ordinal);
    private KeepalivedPresence? keepalived;

    /// <exception cref="ProtocolException">The answer says nothing of keepalived.</exception>
    public MachineRoles Roles => new(
        keepalived ?? throw new ProtocolException("no answer to roles"), [.. addresses],
        [
            .. instances.Select(instance => new ConfiguredInstance(
                instance.Name, [.. instance.Addresses], states.TryGetValue(instance.Name, out var state) ? state : null)),
        ])
    {
        Placed = placed.ToImmutableDictionary(),
    };

    /// <exception cref="ProtocolException">It is no such answer, or a word is not of the form that its place has.</exception>
    public void Add(Answer answer)
    {
        switch (answer)
        {
            case { Kind: "keepalived", Tokens: [var process] }:
                keepalived = process switch
                {
                    "-" => KeepalivedPresence.Stopped,
                    "unknown" => KeepalivedPresence.Unknown,
                    _ when int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out _) => KeepalivedPresence.Running,
                    _ => throw ScriptSession.Unexpected(answer),
                };
                break;
            case { Kind: "address", Tokens: [var address] } when addresses.Count < MostAddresses:
                addresses.Add(AddressIn(address) ?? throw ScriptSession.Unexpected(answer));
                break;
            case { Kind: "text", Tokens: ["instances", _] }:
                foreach (var line in LinesOf(answer)) AddInstanceLine(line, answer);
                break;
            case { Kind: "text", Tokens: ["states", _] }:
                AddStates(LinesOf(answer));
                break;
            default:
                throw ScriptSession.Unexpected(answer);
        }
    }

    // An older beginning may be cut off in the middle of a line.
    private static IEnumerable<string> LinesOf(Answer answer)
    {
        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return answer.Text.StartsWith("[the first ", StringComparison.Ordinal) ? lines.Skip(1) : lines;
    }

    private void AddInstanceLine(string line, Answer answer)
    {
        if (InstanceLine().Match(line) is { Success: true } named)
        {
            if (instances.Count == MostInstances) throw ScriptSession.Unexpected(answer);
            instances.Add((named.Groups["name"].Value, []));
        }
        else if (AddressIn(line) is not { } address)
        {
            throw new ProtocolException(PosixText.Printable(line));
        }
        else if (instances is [.., var last] && last.Addresses.Count < MostAddresses)
        {
            last.Addresses.Add(address);
        }
    }

    // An instance has its state before all else that is told of it and has one.
    private void AddStates(IEnumerable<string> lines)
    {
        string? instance = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("instance ", StringComparison.Ordinal)) instance = line["instance ".Length..];
            else if (instance is not null && StateIn(line) is { } state) states.TryAdd(instance, state);
            else if (PlacedLine().Match(line) is { Success: true } number && placed.Count < MostInstances) placed[number.Groups["name"].Value] = int.Parse(number.Groups["value"].Value, CultureInfo.InvariantCulture);
        }
    }

    private static VrrpState? StateIn(string line) => line switch
    {
        "state MASTER" => VrrpState.Master,
        "state BACKUP" => VrrpState.Backup,
        "state FAULT" => VrrpState.Fault,
        "state INIT" => VrrpState.Init,
        _ => null,
    };

    private static IPAddress? AddressIn(string text) =>
        Address().IsMatch(text) && IPAddress.TryParse(text, out var address) ? address : null;

    [GeneratedRegex(@"^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(@"^placed (?<name>vrrp[A-Za-z0-9._:+-]{1,80}) (?<value>-?\d{1,3})\z")]
    private static partial Regex PlacedLine();

    [GeneratedRegex(@"^vrrp_instance\s+""?(?<name>[A-Za-z0-9._:+-]{1,64})""?\z")]
    private static partial Regex InstanceLine();
}

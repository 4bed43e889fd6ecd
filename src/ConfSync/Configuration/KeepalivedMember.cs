using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>A VRRP instance as a member's keepalived.conf has it.</summary>
/// <param name="At">The statement that begins it.</param>
/// <param name="Id">The VRRP router ID; 0 where there is none that is possible.</param>
/// <param name="Priority">While all checks succeed.</param>
/// <param name="Interface">Empty where it is not set.</param>
/// <param name="Source">The member's own address; null where it is not set.</param>
/// <param name="Password">As the other members see it; null for none.</param>
/// <param name="Tracks">The checks by name.</param>
/// <param name="Extra">What a definition has no variable for.</param>
internal sealed record KeepalivedInstance(
    KeepalivedStatement At, int Id, int Priority, string State, string Interface, IPAddress? Source, ImmutableArray<IPAddress> Peers,
    ImmutableArray<VirtualAddress> Addresses, string? Password, bool NoPreempt, ImmutableArray<string> Tracks, ImmutableArray<KeepalivedStatement> Extra)
{
    public string Name => At.Value;
}

/// <summary>What a member's keepalived.conf says.</summary>
/// <param name="RouterId">Empty where it is not set.</param>
/// <param name="ExtraGlobal">What a definition has no variable for in <c>global_defs</c>.</param>
/// <param name="Blocks">Blocks of other kinds, which a definition passes through.</param>
internal sealed record KeepalivedMember(
    KeepalivedSource Source, string RouterId, int Version, ImmutableArray<KeepalivedInstance> Instances, ImmutableDictionary<string, KeepalivedStatement> Scripts,
    ImmutableArray<KeepalivedStatement> ExtraGlobal, ImmutableArray<KeepalivedStatement> Blocks)
{
    public string Name => Source.Name;
}

/// <summary>Reads what a member's keepalived.conf says, and what is wrong in it whatever the other members have.</summary>
internal sealed class KeepalivedMemberReader(KeepalivedSource source)
{
    private const int MostPriority = 254, LongestPassword = 8;

    // What a definition says for all members, or never has.
    private static readonly ImmutableHashSet<string> OwnGlobal =
        ["router_id", "vrrp_version", "vrrp_skip_check_adv_addr", "enable_script_security", "script_user", "reload_check_config"];

    private static readonly ImmutableHashSet<string> Own =
    [
        "state", "interface", "virtual_router_id", "priority", "advert_int", "nopreempt", "unicast_src_ip", "unicast_peer", "authentication",
        "virtual_ipaddress", "track_script", "version", "preempt",
    ];

    private readonly List<ConfigurationProblem> problems = [];
    private ImmutableDictionary<string, KeepalivedStatement> scripts = ImmutableDictionary<string, KeepalivedStatement>.Empty;

    public (KeepalivedMember Member, ImmutableArray<ConfigurationProblem> Problems) Read()
    {
        var (statements, found) = KeepalivedText.Read(source);
        problems.AddRange(found);
        var global = statements.Where(one => one.Keyword == "global_defs").SelectMany(one => one.Inner).ToList();
        scripts = statements.Where(one => one.Keyword == "vrrp_script").GroupBy(one => one.Value).ToImmutableDictionary(one => one.Key, one => one.Last());
        var version = LastOf(global, "vrrp_version") is { Value: "3" } ? 3 : 2;
        var instances = statements.Where(one => one.Keyword == "vrrp_instance").Select(one => InstanceOf(one, version)).ToImmutableArray();
        if (instances.IsEmpty) Problem(source.Machine + source.MainPath, 0, "there is no vrrp_instance: keepalived holds no address with it");
        CheckGlobal(global);
        CheckTwice(instances);
        return (new KeepalivedMember(
            source, LastOf(global, "router_id")?.Value ?? "", version, instances, scripts, [.. global.Where(one => !OwnGlobal.Contains(one.Keyword))],
            [.. statements.Where(one => one.Keyword is not ("global_defs" or "vrrp_script" or "vrrp_instance") && !IsOwnTrackFile(one.Keyword, one.Value))]), [.. problems]);
    }

    private void CheckGlobal(List<KeepalivedStatement> global)
    {
        if (LastOf(global, "reload_check_config") is { } checks) Problem(checks, "reload_check_config has a reload refused for any remark, and systemctl reload says 0 all the same; turned on by a reload, it may end keepalived");
        var (security, user) = (LastOf(global, "enable_script_security"), LastOf(global, "script_user"));
        if (security is not null && user is null) Problem(security, "enable_script_security without script_user: where there is no user keepalived_script, keepalived removes the checks");
        if (security is null && scripts.Values.FirstOrDefault() is { } script) Problem(script, "without enable_script_security, keepalived runs as root what another user may write to");
    }

    private void CheckTwice(ImmutableArray<KeepalivedInstance> instances)
    {
        foreach (var (instance, index) in instances.Select((instance, index) => (instance, index)))
        {
            var before = instances.Take(index).ToList();
            if (before.Find(other => other.Id == instance.Id && other.Interface == instance.Interface && Family(other) == Family(instance)) is { } same && instance.Id > 0)
            {
                Problem(instance.At, $"{instance.Name} has the ID {instance.Id} of {same.Name}: keepalived would end");
            }
            foreach (var address in instance.Addresses.Select(one => one.Address).Where(address => before.Exists(other => other.Addresses.Any(one => one.Address.Equals(address)))))
            {
                Problem(instance.At, $"{address} is in two instances");
            }
        }
    }

    public static System.Net.Sockets.AddressFamily? Family(KeepalivedInstance instance) => instance.Addresses.FirstOrDefault()?.Address.AddressFamily;

    private KeepalivedInstance InstanceOf(KeepalivedStatement at, int version)
    {
        version = LastOf(at.Inner, "version") is { } own ? own.Value == "3" ? 3 : 2 : version;
        var tracks = Inside(at, "track_script").ToList();
        var instance = new KeepalivedInstance(
            at, IdOf(at), PriorityOf(at, tracks), LastOf(at.Inner, "state")?.Value.ToUpperInvariant() ?? "", LastOf(at.Inner, "interface")?.Value ?? "",
            SourceOf(at), [.. Inside(at, "unicast_peer").Select(one => Parsed(one.Keyword)).OfType<IPAddress>()], AddressesOf(at), PasswordOf(at, version),
            LastOf(at.Inner, "nopreempt") is not null, [.. tracks.Select(one => one.Keyword)], [.. at.Inner.Where(one => !Own.Contains(one.Keyword) && !one.Inner.Any(inner => IsOwnTrackFile(one.Keyword, inner.Keyword)))]);
        if (instance.Interface.Length == 0) Problem(at, $"{at.Value} has no interface: keepalived would end");
        if (instance.State is not ("" or "MASTER" or "BACKUP")) Problem(LastOf(at.Inner, "state")!, $"{Quoted.Of(instance.State)} is no state: keepalived takes BACKUP");
        if (LastOf(at.Inner, "advert_int") is { Value: not "1" } advert) Problem(advert, $"advert_int is {Quoted.Of(advert.Value)}, and 1 in the definition");
        CheckUnicast(instance);
        CheckPreemption(instance, tracks);
        return instance;
    }

    // By which an address is moved: every file that is made from a definition has it.
    private static bool IsOwnTrackFile(string keyword, string name) => keyword == "track_file" && name.StartsWith(KeepalivedFiles.TrackOf("vrrp"), StringComparison.Ordinal);

    private void CheckUnicast(KeepalivedInstance instance)
    {
        var peers = LastOf(instance.At.Inner, "unicast_peer");
        if (instance.Peers.IsEmpty)
        {
            Problem(peers ?? instance.At, $"{instance.Name} sends multicast, since it has no unicast_peer: where the network does not carry it, two machines hold its addresses");
        }
        if (instance.Source is { } own && instance.Peers.Contains(own)) Problem(peers!, $"{own} is the member's own address, and stands in unicast_peer");
        foreach (var name in Inside(instance.At, "unicast_peer").Where(one => Parsed(one.Keyword) is null)) Problem(name, $"{Quoted.Of(name.Keyword)} is no IP address: keepalived would send multicast");
        if (instance.Source is { } address && source.AreComplete && !source.Addresses.Contains(address))
        {
            Problem(LastOf(instance.At.Inner, "unicast_src_ip")!, $"unicast_src_ip {address} is no address of this machine: the instance would be in the state fault");
        }
    }

    private void CheckPreemption(KeepalivedInstance instance, List<KeepalivedStatement> tracks)
    {
        foreach (var track in tracks.Where(one => !scripts.ContainsKey(one.Keyword))) Problem(track, $"there is no vrrp_script {Quoted.Of(track.Keyword)}: keepalived checks nothing here");
        if (LastOf(instance.At.Inner, "nopreempt") is not { } nopreempt) return;
        if (instance.State == "MASTER") Problem(nopreempt, "keepalived ignores nopreempt in an instance with state MASTER");
        else if (tracks.Find(one => WeightOf(one) != 0) is { } weighted)
        {
            Problem(nopreempt, $"nopreempt, and {weighted.Keyword} has a weight: where it fails, the addresses stay with their holder");
        }
    }

    private int IdOf(KeepalivedStatement at)
    {
        if (LastOf(at.Inner, "virtual_router_id") is not { } found) Problem(at, $"{at.Value} has no virtual_router_id: keepalived would end");
        else if (NumberIn(found.Value, 255) is { } id and > 0) return id;
        else Problem(found, $"{Quoted.Of(found.Value)} is no router ID from 1 to 255: keepalived would end");
        return 0;
    }

    private int PriorityOf(KeepalivedStatement at, List<KeepalivedStatement> tracks)
    {
        var priority = 100;
        if (LastOf(at.Inner, "priority") is { } found)
        {
            if (NumberIn(found.Value, 255) is { } number and > 0) priority = number;
            else Problem(found, $"{Quoted.Of(found.Value)} is no priority from 1 to 255: keepalived takes 100");
        }
        var most = priority + tracks.Sum(one => Math.Max(0, WeightOf(one)));
        if (most > MostPriority && priority <= MostPriority) Problem(at, $"{at.Value} comes to a priority of {most} with its checks: keepalived takes {MostPriority}, as for others");
        return Math.Min(most, Math.Max(priority, MostPriority));
    }

    /// <summary>What a check adds to the priority, or takes away.</summary>
    public int WeightOf(KeepalivedStatement track)
    {
        var word = track.Words.IndexOf("weight") is >= 0 and var at ? track.Words.ElementAtOrDefault(at + 1) : null;
        word ??= scripts.GetValueOrDefault(track.Keyword) is { } script ? LastOf(script.Inner, "weight")?.Value : null;
        return int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var weight) ? weight : 0;
    }

    private IPAddress? SourceOf(KeepalivedStatement at)
    {
        if (LastOf(at.Inner, "unicast_src_ip") is not { } found) return null;
        // A net behind it means nothing to keepalived.
        if (Parsed(found.Value.Split('/')[0]) is { } address) return address;
        Problem(found, $"unicast_src_ip {Quoted.Of(found.Value)} is no IP address");
        return null;
    }

    private ImmutableArray<VirtualAddress> AddressesOf(KeepalivedStatement at)
    {
        var addresses = ImmutableArray.CreateBuilder<VirtualAddress>();
        foreach (var one in Inside(at, "virtual_ipaddress"))
        {
            var parts = one.Keyword.Split('/', 2);
            if (Parsed(parts[0]) is not { } address)
            {
                Problem(one, $"{Quoted.Of(one.Keyword)} is no IP address: keepalived drops the instance");
                continue;
            }
            if (one.Words.Length > 1) Problem(one, $"{Quoted.Of(string.Join(' ', one.Words.Skip(1)))} behind {address} is not in the definition");
            if (addresses.Any(other => other.Address.Equals(address))) Problem(one, $"{address} stands there twice");
            else addresses.Add(new VirtualAddress(address, parts is [_, var bits] ? NumberIn(bits, 128) : null));
        }
        if (addresses.Count == 0) Problem(at, $"{at.Value} has no virtual_ipaddress: keepalived drops the instance");
        return addresses.ToImmutable();
    }

    private string? PasswordOf(KeepalivedStatement at, int version)
    {
        var authentication = Inside(at, "authentication").ToList();
        if (LastOf(authentication, "auth_pass") is not { } pass) return null;
        if (version == 3)
        {
            Problem(pass, "VRRP version 3 has no passwords: keepalived ignores it");
            return null;
        }
        if (LastOf(authentication, "auth_type") is { Value: "AH" } type) Problem(type, "auth_type AH: the definition has a password (PASS)");
        if (pass.Value.Length <= LongestPassword) return pass.Value;
        Problem(pass, $"the password has more than {LongestPassword} characters: keepalived cuts it");
        return pass.Value[..LongestPassword];
    }

    private static KeepalivedStatement? LastOf(IEnumerable<KeepalivedStatement> statements, string keyword) => statements.LastOrDefault(one => one.Keyword == keyword);

    private static IEnumerable<KeepalivedStatement> Inside(KeepalivedStatement at, string keyword) => at.Inner.Where(one => one.Keyword == keyword).SelectMany(one => one.Inner);

    private static IPAddress? Parsed(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text) ? address : null;

    private static int? NumberIn(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    private void Problem(KeepalivedStatement at, string message) => Problem(at.File, at.Line, message);

    private void Problem(string file, int line, string message) => problems.Add(new ConfigurationProblem(file, line, message, IsWarning: true));
}

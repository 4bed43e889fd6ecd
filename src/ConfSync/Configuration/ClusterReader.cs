using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>Makes a <see cref="ClusterDefinition"/> from the assignments of <c>cluster.conf</c>. Whatever would make keepalived end, or
/// two members hold one address, is an error with its line.</summary>
internal sealed partial class ClusterReader
{
    private const int LongestPassword = 8;
    private const string ExtraPrefix = "EXTRA_", ExtraGlobal = "EXTRA_GLOBAL_DEFS", ExtraBlocks = "EXTRA";

    private static readonly ImmutableArray<string> Known = ["MEMBERS", "VIRTUAL", "TRACK", "PREEMPT", "AUTH", ExtraGlobal, ExtraBlocks];

    private readonly string file;
    private readonly ShellAssignments parsed;
    private readonly Settings settings;
    private readonly List<ConfigurationProblem> problems;

    public ClusterReader(string file, ShellAssignments parsed)
    {
        (this.file, this.parsed, problems) = (file, parsed, [.. parsed.Problems]);
        settings = new Settings(
            parsed.Assignments.GroupBy(assignment => assignment.Name).ToDictionary(group => group.Key, group => group.Last()),
            (line, message, isWarning) => problems.Add(new ConfigurationProblem(file, line, message, isWarning)));
    }

    /// <returns>The definition; null where at least one problem is more than a warning.</returns>
    public (ClusterDefinition? Cluster, ImmutableArray<ConfigurationProblem> Problems) Read()
    {
        var members = Members();
        var instances = Instances(members);
        RefuseUnknown(instances);
        RefuseClashes(members, instances);
        var password = Password(instances);
        var cluster = new ClusterDefinition(
            file, members, [.. instances.Select(instance => instance.Instance)], Track(), settings.YesNo("PREEMPT", @default: true), password,
            settings.Text(ExtraGlobal) ?? "")
        {
            ExtraBlocks = settings.Text(ExtraBlocks) ?? "",
        };
        return (problems.Exists(problem => !problem.IsWarning) ? null : cluster, [.. problems.OrderBy(problem => problem.Line)]);
    }

    private readonly record struct Placed(VirtualInstance Instance, int Line);

    private ImmutableArray<ClusterMember> Members()
    {
        var members = new List<ClusterMember>();
        foreach (var word in Required("MEMBERS", "web1=192.0.2.11/eth0 web2=192.0.2.12/eth0"))
        {
            if (MemberForm().Match(word.Text) is not { Success: true } form)
            {
                settings.Error(word.Line, $"MEMBERS: {Quoted.Of(word.Text)} is not NAME=ADDRESS/INTERFACE, such as web1=192.0.2.11/eth0");
                continue;
            }
            var addresses = form.Groups["addresses"].Value.Split(',').Select(text => AddressIn("MEMBERS", text, word.Line)).ToList();
            var member = new ClusterMember(form.Groups["name"].Value, [.. addresses.OfType<IPAddress>()], form.Groups["interface"].Value);
            if (addresses.Contains(null)) continue;
            if (member.Addresses.GroupBy(address => address.AddressFamily).Any(family => family.Count() > 1))
            {
                settings.Error(word.Line, $"MEMBERS: {member.Name} has two addresses of one family: VRRP is sent from one of them, so name that one");
            }
            if (members.Exists(other => other.Name == member.Name)) settings.Error(word.Line, $"MEMBERS: {member.Name} stands there twice");
            members.Add(member);
        }
        return [.. members];
    }

    private List<Placed> Instances(ImmutableArray<ClusterMember> members)
    {
        var instances = new List<Placed>();
        foreach (var word in Required("VIRTUAL", "VI_1=192.0.2.100:51:web1,web2"))
        {
            if (InstanceForm().Match(word.Text) is not { Success: true } form)
            {
                settings.Error(word.Line, $"VIRTUAL: {Quoted.Of(word.Text)} is not NAME=ADDRESS:ID:MEMBER,MEMBER, such as VI_1=192.0.2.100:51:web1,web2");
                continue;
            }
            var name = form.Groups["name"].Value;
            var addresses = form.Groups["addresses"].Value.Split(',').Select(text => VirtualIn(text, word.Line)).ToList();
            if (addresses.Contains(null)) continue;
            var order = form.Groups["members"].Value.Split(',').ToImmutableArray();
            var id = int.Parse(form.Groups["id"].Value, CultureInfo.InvariantCulture);
            var instance = new VirtualInstance(name, [.. addresses.OfType<VirtualAddress>()], id, order, settings.Text(ExtraPrefix + name) ?? "");
            foreach (var problem in ProblemsOf(instance, members)) settings.Error(word.Line, $"VIRTUAL: {name}: {problem}");
            instances.Add(new Placed(instance, word.Line));
        }
        return instances;
    }

    private static IEnumerable<string> ProblemsOf(VirtualInstance instance, ImmutableArray<ClusterMember> members)
    {
        if (instance.RouterId is < 1 or > 255) yield return $"the ID {instance.RouterId} is not a number from 1 to 255";
        if (instance.Addresses.Any(address => address.Address.AddressFamily != instance.Family))
        {
            yield return "IPv4 and IPv6 addresses need an instance each";
        }
        if (instance.Members.Distinct().Count() < instance.Members.Length) yield return "a member stands there twice";
        if (instance.Members.Length < 2) yield return "name two members or more: one alone needs no virtual address, and keepalived would send multicast";
        foreach (var name in instance.Members.Distinct())
        {
            if (members.FirstOrDefault(member => member.Name == name) is not { } member) yield return $"{name} is not in MEMBERS";
            else if (member.AddressOf(instance.Family) is null) yield return $"{name} has no address of that family in MEMBERS";
        }
    }

    private void RefuseClashes(ImmutableArray<ClusterMember> members, List<Placed> instances)
    {
        foreach (var (instance, line) in instances)
        {
            var before = instances.TakeWhile(other => other.Instance != instance).Select(other => other.Instance).ToList();
            if (before.Exists(other => other.Name == instance.Name)) settings.Error(line, $"VIRTUAL: {instance.Name} stands there twice");
            if (before.Find(other => other.RouterId == instance.RouterId && other.Family == instance.Family) is { } same)
            {
                settings.Error(line, $"VIRTUAL: {instance.Name} has the ID {instance.RouterId} of {same.Name}: keepalived would end");
            }
            foreach (var address in instance.Addresses.Select(one => one.Address))
            {
                if (before.Find(other => other.Addresses.Any(one => one.Address.Equals(address))) is { } holder)
                {
                    settings.Error(line, $"VIRTUAL: {address} is in {holder.Name} as well");
                }
                if (members.FirstOrDefault(member => member.Addresses.Contains(address)) is { } owner)
                {
                    settings.Error(line, $"VIRTUAL: {address} is {owner.Name}'s own address: an address that moves must be nobody's own");
                }
            }
        }
        foreach (var word in settings.Words("MEMBERS"))
        {
            var name = word.Text.Split('=')[0];
            if (instances.Count > 0 && instances.TrueForAll(placed => !placed.Instance.Members.Contains(name)))
            {
                settings.Error(word.Line, $"MEMBERS: {Quoted.Of(name)} is in no item of VIRTUAL: add it there, or remove it");
            }
        }
    }

    private ImmutableArray<TrackedService> Track()
    {
        var services = new List<TrackedService>();
        var words = settings.Find("TRACK") is null ? [new Settings.Word("nginx", 0)] : settings.Words("TRACK");
        foreach (var word in words)
        {
            var (name, url) = word.Text.Split('=', 2) is [var before, var after] ? (before, after) : (word.Text, word.Text == "nginx" ? "http://127.0.0.1/" : "");
            if (!Name().IsMatch(name)) settings.Error(word.Line, $"TRACK: {Quoted.Of(word.Text)} is not SERVICE=URL");
            else if (url.Length == 0) settings.Error(word.Line, $"TRACK: {name}: say what to request: {name}=http://127.0.0.1:PORT/");
            else if (!Url().IsMatch(url)) settings.Error(word.Line, $"TRACK: {Quoted.Of(url)} is not a plain URL such as http://127.0.0.1:8000/health");
            else services.Add(new TrackedService(name, url));
        }
        return [.. services];
    }

    private string? Password(List<Placed> instances)
    {
        if (settings.Find("AUTH") is not { Value: { } value, Line: var line }) return null;
        if (value.Length > LongestPassword || !Word().IsMatch(value))
        {
            settings.Error(line, $"AUTH: a password of VRRP has one to {LongestPassword} letters, digits and . _ -: keepalived cuts what is longer");
        }
        if (instances.Exists(placed => placed.Instance.Family == AddressFamily.InterNetworkV6))
        {
            settings.Error(line, "AUTH: passwords are of VRRP version 2, which has no IPv6: remove AUTH, or the IPv6 addresses");
        }
        return value;
    }

    private void RefuseUnknown(List<Placed> instances)
    {
        var extra = instances.Select(placed => ExtraPrefix + placed.Instance.Name).ToHashSet(StringComparer.Ordinal);
        var helpers = parsed.Assignments.SelectMany(assignment => assignment.References.Remove(assignment.Name)).ToHashSet();
        foreach (var unknown in parsed.Assignments.DistinctBy(assignment => assignment.Name)
            .Where(assignment => !Known.Contains(assignment.Name) && !extra.Contains(assignment.Name) && !helpers.Contains(assignment.Name)))
        {
            settings.Error(unknown.Line, $"{unknown.Name} is no variable of a cluster: there are {string.Join(", ", Known)} and {ExtraPrefix}INSTANCE");
        }
    }

    private IReadOnlyList<Settings.Word> Required(string name, string example)
    {
        var words = settings.Words(name);
        if (words.Count == 0 && settings.Find(name) is null) settings.Error(0, $"{name} is not set: write {name}=\"{example}\"");
        return words;
    }

    private VirtualAddress? VirtualIn(string text, int line)
    {
        var (address, prefix) = text.Split('/', 2) is [var before, var after] ? (before, after) : (text, null);
        if (AddressIn("VIRTUAL", address, line) is not { } found) return null;
        if (prefix is null) return new VirtualAddress(found, null);
        var most = found.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits >= 1 && bits <= most) return new VirtualAddress(found, bits);
        settings.Error(line, $"VIRTUAL: {Quoted.Of(text)}: a net has 1 to {most} bits");
        return null;
    }

    private IPAddress? AddressIn(string name, string text, int line)
    {
        var bare = text is ['[', .. var inner, ']'] ? inner : text;
        // IPAddress takes 192.0.2 and 0x7f.1 as well.
        if (IPAddress.TryParse(bare, out var address) && (bare.Contains(':', StringComparison.Ordinal) || address.ToString() == bare)) return address;
        settings.Error(line, $"{name}: {Quoted.Of(text)} is no IP address");
        return null;
    }

    [GeneratedRegex("^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)=(?<addresses>[^/]+)/(?<interface>[A-Za-z0-9._@-]{1,15})$")]
    private static partial Regex MemberForm();

    [GeneratedRegex("^(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<addresses>.+):(?<id>[0-9]{1,5}):(?<members>[^:]+)$")]
    private static partial Regex InstanceForm();

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex Word();

    [GeneratedRegex(@"^http://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/?&=%+-]*)?$")]
    private static partial Regex Url();
}

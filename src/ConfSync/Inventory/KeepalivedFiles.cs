using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Inventory;

/// <summary>A file that is made and not read.</summary>
public sealed record MadeFile(Entry Entry, string Text);

/// <summary>Makes the files of keepalived from a <see cref="ClusterDefinition"/>. Pure.</summary>
public static class KeepalivedFiles
{
    public const string Directory = "/etc/keepalived";

    public const string ConfigurationPath = $"{Directory}/keepalived.conf";

    /// <summary>The program that requests a URL.</summary>
    public const string CheckPath = $"{Directory}/nginx-sync-check";

    /// <summary>The name of the file whose number counts for all instances of a machine.</summary>
    public const string DrainedName = "vrrp-drained";

    /// <summary>The name of the file whose number counts for one instance.</summary>
    public static string PlacedName(string instance) => $"vrrp.{instance}";

    /// <summary>Where the file of such a name is: no scan sees it.</summary>
    public static string PlacedPath(string name) => $"{Directory}/.nginx-sync.{name}";

    /// <summary>The name by which keepalived knows such a file.</summary>
    public static string TrackOf(string name) => $"nginx-sync-{name}";

    // The configuration may hold a password.
    private const int Private = 0x180, Executable = 0x1ED; // 0600, 0755

    private static readonly Account Root = new("root", 0);

    private const string Hash = "# sha256 ";

    /// <summary>The check of a service, for all members. keepalived runs it each second.</summary>
    public const string Check =
        """
        #!/bin/sh
        # URL: succeeds if a server answers there with HTTP, whatever the status. Written by nginx-sync.
        url=$1
        if command -v curl >/dev/null 2>&1; then
          exec curl -s -o /dev/null -m 2 --noproxy '*' "$url"
        fi
        rest=${url#http://}
        case $rest in */*) path=/${rest#*/} ;; *) path=/ ;; esac
        host=${rest%%/*}
        case $host in
          *]:* | *[!]:]:[0-9]*) port=${host##*:} address=${host%:*} ;;
          *) port=80 address=$host ;;
        esac
        address=${address#[}
        address=${address%]}
        if command -v bash >/dev/null 2>&1; then
          exec timeout 2 bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$4" >&3 &&
            read -r line <&3 && case $line in HTTP/*) ;; *) exit 1 ;; esac' sh "$address" "$port" "$path" "$host" 2>/dev/null
        fi
        words=$(timeout 2 wget -O /dev/null "$url" 2>&1) && exit 0
        case $words in *HTTP/1.*) exit 0 ;; esac
        exit 1

        """;

    /// <summary>All files of a member.</summary>
    public static ImmutableArray<MadeFile> Of(ClusterDefinition cluster, ClusterMember member) =>
        [Made(ConfigurationPath, ConfigurationOf(cluster, member), Private), Made(CheckPath, Check, Executable)];

    private static MadeFile Made(string path, string text, int mode)
    {
        var content = PosixText.Encode(text);
        return new MadeFile(new Entry(path, EntryKind.File, mode, Root, Root, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), text);
    }

    /// <summary>The keepalived.conf of a member, with a header that says where it is from and has the digest of the rest.</summary>
    public static string ConfigurationOf(ClusterDefinition cluster, ClusterMember member)
    {
        var body = Body(cluster, member);
        return $"# Written by nginx-sync for {member.Name} from {cluster.Path}: change that file, and push.\n{Hash}{DigestOf(body)}\n{body}";
    }

    /// <summary>Whether a file was changed since <see cref="ConfigurationOf"/> made it.</summary>
    /// <returns>Null: it was not made by that.</returns>
    public static bool? IsEdited(string text)
    {
        var start = text.IndexOf($"\n{Hash}", StringComparison.Ordinal);
        if (!text.StartsWith("# Written by nginx-sync for ", StringComparison.Ordinal) || start < 0) return null;
        var end = text.IndexOf('\n', start + 1);
        return end < 0 || text[(start + 1 + Hash.Length)..end] != DigestOf(text[(end + 1)..]);
    }

    private static string DigestOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private static string Body(ClusterDefinition cluster, ClusterMember member) => string.Concat(
    [
        Block("global_defs",
        [
            $"router_id {member.Name}",
            $"vrrp_version {(cluster.Password is null ? 3 : 2)}",
            // A list of addresses can then be changed node by node, the holder first.
            "vrrp_skip_check_adv_addr",
            "enable_script_security",
            "script_user root",
            .. Lines(cluster.ExtraGlobal),
        ]),
        .. cluster.Track.Select(service => Block($"vrrp_script {ScriptOf(service)}",
            [$"script \"{CheckPath} {service.Url}\"", "interval 1", "timeout 3", "fall 2", "rise 2", "weight 0"])),
        // With these, an address moves from machine to machine while the configuration stays.
        .. Placed(cluster, member)
            .Select(name => Block($"track_file {TrackOf(name)}", [$"file \"{PlacedPath(name)}\"", "weight 1"])),
        string.IsNullOrWhiteSpace(cluster.ExtraBlocks) ? "" : $"\n{string.Join('\n', Lines(cluster.ExtraBlocks))}\n",
        .. cluster.Instances.Where(instance => instance.Members.Contains(member.Name))
            .Select(instance => Block($"vrrp_instance {instance.Name}", Instance(cluster, member, instance))),
    ]);

    // A file that no instance follows is a mistake to keepalived.
    private static ImmutableArray<string> Placed(ClusterDefinition cluster, ClusterMember member)
    {
        ImmutableArray<string> own = [.. cluster.Instances.Where(instance => instance.Members.Contains(member.Name)).Select(instance => PlacedName(instance.Name))];
        return cluster.HasSyncGroup || own.IsEmpty ? [] : own.Add(DrainedName);
    }

    private static IEnumerable<string> Instance(ClusterDefinition cluster, ClusterMember member, VirtualInstance instance) =>
    [
        "state BACKUP",
        $"interface {member.Interface}",
        $"virtual_router_id {instance.RouterId}",
        $"priority {instance.PriorityOf(member.Name)}",
        "advert_int 1",
        .. cluster.Preempt ? Array.Empty<string>() : ["nopreempt"],
        $"unicast_src_ip {member.AddressOf(instance.Family)}",
        .. Inner("unicast_peer", cluster.Members.Where(other => other != member && instance.Members.Contains(other.Name))
            .Select(other => $"{other.AddressOf(instance.Family)}")),
        .. cluster.Password is { } password ? Inner("authentication", ["auth_type PASS", $"auth_pass {password}"]) : [],
        .. Inner("virtual_ipaddress", instance.Addresses.Select(address => $"{address}")),
        .. cluster.Track.IsEmpty ? [] : Inner("track_script", cluster.Track.Select(ScriptOf)),
        .. cluster.HasSyncGroup ? [] : Inner("track_file", [TrackOf(PlacedName(instance.Name)), TrackOf(DrainedName)]),
        .. Lines(instance.Extra),
    ];

    private static string Block(string head, IEnumerable<string> lines) => $"\n{head} {{\n{string.Concat(lines.Select(line => $"    {line}\n"))}}}\n";

    private static IEnumerable<string> Inner(string head, IEnumerable<string> lines) => [$"{head} {{", .. lines.Select(line => $"    {line}"), "}"];

    private static IEnumerable<string> Lines(string extra) => extra.Split('\n').Where(line => line.Trim().Length > 0).Select(line => line.TrimEnd());

    private const string ScriptPrefix = "check_";

    private static string ScriptOf(TrackedService service) => $"{ScriptPrefix}{service.Name}";

    /// <summary>The service that a check of <see cref="ConfigurationOf"/> is of, by its name; null where it is of none.</summary>
    public static string? TrackedBy(string script) => script.StartsWith(ScriptPrefix, StringComparison.Ordinal) ? script[ScriptPrefix.Length..] : null;
}

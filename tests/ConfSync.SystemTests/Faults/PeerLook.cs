using System.Collections.Immutable;

namespace ConfSync.SystemTests.Faults;

/// <summary>What is under the CONFPATHS of a node, seen once nothing of a push runs there any more: by a single command, since
/// it is looked at hundreds of times.</summary>
/// <param name="Entries">Kind, mode, owner, link target and path; and digest and path.</param>
/// <param name="Left">What a push has to remove again and has not; processes that are still there after 20 s.</param>
internal sealed record PeerLook(ImmutableSortedSet<string> Entries, string Left)
{
    private const string Script = """
        i=0
        while grep -qzs ^NGINX_SYNC_RUNNER= /proc/[0-9]*/environ; do
          sleep 0.05; i=$((i + 1)); [ $i -lt 400 ] || { grep -lzs ^NGINX_SYNC_RUNNER= /proc/[0-9]*/environ; break; }
        done
        find /etc/nginx /var/lib/nginx-sync -name '.nginx-sync.*' -prune -print -o -name '.new.*' -print -o -name transaction -print
        echo
        cd /etc/nginx
        find conf.d nginx.conf -name '.nginx-sync.*' -prune -o -printf '%y %m %U:%G %l %p\n' -type f -exec sha256sum {} +
        """;

    public static async Task<PeerLook> AtAsync(Node node)
    {
        var halves = (await node.RunAsync("sh", "-c", Script)).Out.Split("\n\n", 2);
        // Nothing is left: the empty line is the first one.
        if (halves.Length == 1) halves = ["", halves[0].TrimStart('\n')];
        return new PeerLook(
            [.. halves[1].Split('\n', StringSplitOptions.RemoveEmptyEntries)], halves[0].Trim().Replace('\n', ' '));
    }

    public bool HoldsSame(PeerLook other) => Entries.SetEquals(other.Entries);

    /// <summary>For people.</summary>
    public string Difference(PeerLook there) =>
        $"not {string.Join(", ", Entries.Except(there.Entries))}; but {string.Join(", ", there.Entries.Except(Entries))}";
}

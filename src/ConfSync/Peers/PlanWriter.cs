using System.Globalization;
using ConfSync.Changes;
using ConfSync.Snapshots;

namespace ConfSync.Peers;

/// <summary>A <see cref="StagingPlan"/> as the lines and archives that the script's stage reads (50-stage.sh has the
/// grammar), followed by the request to test it.</summary>
/// <param name="peer">What the peer was seen to hold.</param>
internal sealed class PlanWriter(Conversation conversation, Scan peer, Func<Entry, ReadOnlyMemory<byte>> contentOf)
{
    public async Task WriteAsync(StagingPlan plan, CancellationToken cancellation)
    {
        AskForAccounts(plan);
        foreach (var root in ViewRoots(plan)) conversation.Request("view", root);
        foreach (var directory in plan.Directories) await WriteAsync(directory, cancellation);
        foreach (var change in plan.Attributes)
        {
            var (before, after) = (change.Before!, change.After!);
            conversation.Request(
                "@", change.Path, Octal(after.Mode), Owner(after), Group(after),
                Octal(before.Mode), Owner(before), Group(before));
        }
        conversation.Request("end");
        conversation.Request("test");
        await conversation.SendAsync(cancellation);
    }

    private async Task WriteAsync(StagedDirectory directory, CancellationToken cancellation)
    {
        conversation.Request("dir", directory.Path);
        foreach (var name in directory.Created) conversation.Request("+", name);
        foreach (var name in directory.Replaced)
        {
            conversation.Request("~", name, peer.Paths[$"{directory.Path.TrimEnd('/')}/{name}"]?.Digest ?? "-");
        }
        foreach (var name in directory.Swapped) conversation.Request("!", name);
        foreach (var name in directory.Deleted) conversation.Request("-", name);

        var sent = directory.Members.Where(member => !member.IsCopied).ToList();
        if (sent.Count > 0)
        {
            conversation.Request("tar", TarWriter.LengthOf(sent).ToString(CultureInfo.InvariantCulture));
            var archive = new TarWriter(conversation.Payload);
            foreach (var member in sent)
            {
                await archive.WriteAsync(member, ContentOf(member), cancellation);
            }
            await archive.CompleteAsync(cancellation);
        }
        foreach (var member in directory.Members)
        {
            var entry = member.Entry;
            if (member.IsCopied) conversation.Request("=", member.Name, Octal(entry.Mode), Owner(entry), Group(entry));
            // Even root's: in a directory with the set-group-ID bit, a link that tar does not own gets another group.
            else if (entry.Kind == EntryKind.Link) conversation.Request("link", member.Name, Owner(entry), Group(entry));
        }
    }

    private ReadOnlyMemory<byte> ContentOf(StagedMember member) =>
        member.Entry.Kind == EntryKind.File ? contentOf(member.Entry) : default;

    // Only those that nothing on the peer belongs to: the others exist there.
    private void AskForAccounts(StagingPlan plan)
    {
        var wanted = plan.Directories.SelectMany(directory => directory.Members).Select(member => member.Entry)
            .Concat(plan.Attributes.Select(change => change.After!)).ToList();
        var there = peer.Paths.Entries.Concat(peer.Above).ToList();
        Ask("user", entry => entry.Owner.Name);
        Ask("group", entry => entry.Group.Name);

        void Ask(string kind, Func<Entry, string> name)
        {
            foreach (var unseen in wanted.Select(name).Except(there.Select(name)).Where(unseen => unseen.Length > 0))
            {
                conversation.Request(kind, unseen);
            }
        }
    }

    /// <summary>The directories that the test must see as they will be, none inside another.</summary>
    internal static IEnumerable<string> ViewRoots(StagingPlan plan)
    {
        var last = "";
        foreach (var path in plan.Directories.Select(directory => directory.Path)
            .Concat(plan.Attributes.Select(change => change.Path))
            .Distinct().OrderBy(path => path.TrimEnd('/') + '/', StringComparer.Ordinal))
        {
            var prefix = path.TrimEnd('/') + '/';
            if (last.Length > 0 && prefix.StartsWith(last, StringComparison.Ordinal)) continue;
            last = prefix;
            yield return path;
        }
    }

    private static string Owner(Entry entry) => entry.Owner.ToString();

    private static string Group(Entry entry) => entry.Group.ToString();

    private static string Octal(int mode) => Convert.ToString(mode, 8);
}

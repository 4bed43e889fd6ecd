using System.Globalization;
using System.IO.Compression;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>Writes a <see cref="StagingPlan"/> as the lines and archives that the script's stage reads (push/plan.sh has
/// the grammar), followed by the request to test it.</summary>
/// <param name="peer">The scan of the peer.</param>
/// <param name="unpacks">The peer has gzip.</param>
internal sealed class PlanWriter(Conversation conversation, Scan peer, Staging staging, bool unpacks)
{
    // A smaller archive is a packet or two in any case. A larger one would take too much memory for each node.
    private const int LeastToPack = 64 * 1024;
    private const int MostToPack = 64 * 1024 * 1024;

    // A shell reads a line of any length, but a command takes only a limited number of arguments.
    private const int FilesPerLine = 200;

    public async Task WriteAsync(CancellationToken cancellation)
    {
        var plan = staging.Plan;
        await WriteChangesAsync(cancellation);
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

    // Sent with their length, because a shell would read them line by line more slowly than everything else together.
    private async Task WriteChangesAsync(CancellationToken cancellation)
    {
        var lines = Encoding.ASCII.GetBytes(string.Concat(staging.Changes.Select(change => $"{ChangeLine.Format(change)}\n")));
        conversation.Request("changes", Number(lines.Length));
        await conversation.Payload.WriteAsync(lines, cancellation);
    }

    private async Task WriteAsync(StagedDirectory directory, CancellationToken cancellation)
    {
        conversation.Request("dir", directory.Path);
        foreach (var name in directory.Created) conversation.Request("+", name);
        foreach (var name in directory.Replaced)
        {
            conversation.Request("~", name, peer.Paths[$"{directory.Path.TrimEnd('/')}/{name}"]?.Digest ?? "-");
        }
        foreach (var name in directory.KindChanged) conversation.Request("!", name);
        foreach (var name in directory.Deleted) conversation.Request("-", name);

        var sent = new List<StagedMember>();
        var retained = new List<RetainedMember>();
        foreach (var member in directory.Members.Where(member => !member.IsCopied))
        {
            if (RetainedCopyOf(member) is { } file) retained.Add(new RetainedMember(member, file));
            else sent.Add(member);
        }
        if (sent.Count > 0) await SendAsync(sent, cancellation);
        // These come after the archive, because the archive is unpacked into an empty directory and makes the directories
        // for these files.
        foreach (var files in retained.GroupBy(
            pair => (pair.File.Generation, pair.File.Part, From: DirectoryOf(pair.File.Name), To: DirectoryOf(pair.Member.Name))))
        {
            foreach (var names in files.Select(pair => PosixPath.Name(pair.Member.Name)).Chunk(FilesPerLine))
            {
                conversation.Request(
                    "from", [Number(files.Key.Generation), Number(files.Key.Part), files.Key.From, files.Key.To, .. names]);
            }
        }
        foreach (var member in directory.Members)
        {
            var entry = member.Entry;
            if (member.IsCopied) conversation.Request("=", member.Name, Octal(entry.Mode), Owner(entry), Group(entry));
            // Links of root are included: in a directory with the set-group-ID bit, a link that tar does not chown gets
            // another group.
            else if (entry.Kind == EntryKind.Link) conversation.Request("link", member.Name, Owner(entry), Group(entry));
        }
    }

    private async Task SendAsync(List<StagedMember> members, CancellationToken cancellation)
    {
        var length = TarWriter.LengthOf(members);
        if (unpacks && length is >= LeastToPack and <= MostToPack)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                await WriteArchiveAsync(gzip, members, cancellation);
            }
            // Configuration shrinks to a tenth. An archive that hardly shrinks is not worth a process on the peer.
            if (packed.Length < length / 4 * 3)
            {
                conversation.Request("tar", Number(packed.Length), "gzip");
                await conversation.Payload.WriteAsync(packed.GetBuffer().AsMemory(0, (int)packed.Length), cancellation);
                return;
            }
        }
        conversation.Request("tar", Number(length));
        await WriteArchiveAsync(conversation.Payload, members, cancellation);
    }

    private async Task WriteArchiveAsync(Stream output, List<StagedMember> members, CancellationToken cancellation)
    {
        var archive = new TarWriter(output);
        foreach (var member in members) await archive.WriteAsync(member, ContentOf(member), cancellation);
        await archive.CompleteAsync(cancellation);
    }

    private ReadOnlyMemory<byte> ContentOf(StagedMember member) =>
        member.Entry.Kind == EntryKind.File ? staging.ContentOf(member.Entry) : default;

    private RetainedFile? RetainedCopyOf(StagedMember member) =>
        member.Entry.Kind == EntryKind.File ? staging.RetainedCopyOf(member.Entry) : null;

    private static string DirectoryOf(string name) => name.LastIndexOf('/') is > 0 and var slash ? name[..slash] : ".";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Asks only for accounts that own nothing on the peer, because the others exist there.
    private void AskForAccounts(StagingPlan plan)
    {
        var wanted = plan.Directories.SelectMany(directory => directory.Members).Select(member => member.Entry)
            .Concat(plan.Attributes.Select(change => change.After!)).ToList();
        var there = peer.Paths.Entries.Concat(peer.Ancestors).ToList();
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

    /// <summary>The directories that the view must show as they will be. None of them is inside another.</summary>
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

    private sealed record RetainedMember(StagedMember Member, RetainedFile File);
}

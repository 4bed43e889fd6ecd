using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>The files of keepalived that a member is to have, and what it has.</summary>
/// <param name="Node">Null for the primary itself, and for a member that is not looked at.</param>
/// <param name="Configuration">The keepalived.conf that is made for it, without the password.</param>
/// <param name="Differences">What a push would change there; none where it was not looked at.</param>
/// <param name="Failure">Why it was not looked at; null where it was, or is not of this run.</param>
public sealed partial record MemberFiles(
    ClusterMember Member, Node? Node, string Configuration, ImmutableArray<ComparedEntry> Differences, LookFailure? Failure)
{
    /// <summary>It is neither in NODES nor the primary.</summary>
    public bool IsOutside { get; init; }

    /// <summary>What is there was made from a definition and then edited.</summary>
    public bool IsEdited { get; init; }

    internal static MemberFiles Of(ClusterDefinition cluster, ClusterMember member, Node? node) =>
        new(member, node, Masked(KeepalivedFiles.ConfigurationOf(cluster, member)), [], null);

    /// <summary>Compares with what is there.</summary>
    /// <param name="there">What is at each path, with the content of what is a file and can be read.</param>
    internal MemberFiles Compared(ClusterDefinition cluster, IReadOnlyList<(Entry Entry, ReadOnlyMemory<byte>? Content)> there) => this with
    {
        Differences = [.. KeepalivedFiles.Of(cluster, Member).Select(made => Compare(made, there.FirstOrDefault(one => one.Entry.Path == made.Entry.Path))).OfType<ComparedEntry>()],
        IsEdited = there.Any(one => one.Entry.Path == KeepalivedFiles.ConfigurationPath && one.Content is { } content && KeepalivedFiles.IsEdited(PosixText.Decode(content.Span)) == true),
    };

    private static ComparedEntry? Compare(MadeFile made, (Entry? Entry, ReadOnlyMemory<byte>? Content) found)
    {
        if (found.Entry is null) return new ComparedEntry(made.Entry, null);
        if (found.Entry.HasContentOf(made.Entry) && found.Entry.HasAttributesOf(made.Entry)) return null;
        return new ComparedEntry(made.Entry, found.Entry, found.Content is { } content ? DiffOf(made.Text, content) : null);
    }

    private static ContentDiff? DiffOf(string made, ReadOnlyMemory<byte> found)
    {
        if (found.Span.Contains((byte)0)) return ContentDiff.Without(ContentDiffKind.Binary);
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(found.Span);
            return text == made ? null : new ContentDiff(ContentDiffKind.Text, Hunks.Between(Masked(text), Masked(made)));
        }
        catch (DecoderFallbackException)
        {
            return ContentDiff.Without(ContentDiffKind.NotUtf8);
        }
    }

    // A short password can be found from the digest of a text of which all else is known.
    private static string Masked(string configuration) => Secret().Replace(configuration, "********");

    [GeneratedRegex(@"(?<=\bauth_pass[ \t]+)\S.*|(?<=^# sha256 )[0-9a-f]+", RegexOptions.Multiline)]
    private static partial Regex Secret();
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using ConfSync.Configuration;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>A rule of POSTSYNC that cannot be applied because its path is no file.</summary>
/// <param name="IsThere">True: the path is something other than a regular file. False: there is nothing, or EXCLUDE takes
/// it out.</param>
public sealed record PostSyncProblem(PostSyncRule Rule, bool IsThere);

/// <summary>The result of POSTSYNC.</summary>
/// <param name="Contents">The content of every file that a rule was applied to, by path.</param>
/// <param name="Problems">The rules that could not be applied. If there are any, nothing should be pushed.</param>
public sealed record PostSynced(
    Snapshot Desired,
    ImmutableDictionary<string, ReadOnlyMemory<byte>> Contents,
    ImmutableArray<PostSyncProblem> Problems);

public static class PostSync
{
    /// <summary>Applies the rules in their order. Several rules for one file each work on the result of the one
    /// before.</summary>
    /// <param name="snapshot">The primary's files, without what EXCLUDE takes out.</param>
    /// <param name="edit">Applies the expression of one rule to a content.</param>
    /// <param name="read">Reads a file of the primary, and checks that it has not changed since the scan.</param>
    /// <exception cref="PostSyncException">sed does not accept an expression, or cannot be run.</exception>
    public static async Task<PostSynced> ApplyAsync(
        Snapshot snapshot,
        IReadOnlyCollection<PostSyncRule> rules,
        Func<PostSyncRule, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> edit,
        Func<Entry, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> read,
        CancellationToken cancellation = default)
    {
        var contents = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<PostSyncProblem>();
        foreach (var rule in rules)
        {
            if (snapshot[rule.File] is not { Kind: EntryKind.File } entry)
            {
                problems.Add(new(rule, snapshot[rule.File] is not null));
                continue;
            }
            var before = contents.TryGetValue(rule.File, out var rendered) ? rendered : await read(entry, cancellation);
            contents[rule.File] = await edit(rule, before, cancellation);
        }
        return new(
            contents.Count == 0 ? snapshot : new(snapshot.Entries.Select(With)),
            contents.ToImmutable(),
            problems.ToImmutable());

        Entry With(Entry entry) => contents.TryGetValue(entry.Path, out var content)
            ? entry with { Digest = Convert.ToHexStringLower(SHA256.HashData(content.Span)), Size = content.Length }
            : entry;
    }
}

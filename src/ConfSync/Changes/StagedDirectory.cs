using System.Collections.Immutable;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>
/// What happens in one existing directory of the peer. All names are names in it, in ordinal order, each in one list
/// only; a directory's name stands for all that is in it.
/// </summary>
/// <param name="Path">The directory; it stays where it is.</param>
/// <param name="Created">New here: renamed in.</param>
/// <param name="Replaced">A file or link over a file or link: renamed over, so that there always is one of the two.</param>
/// <param name="KindChanged">A directory on either side: the old one has to be renamed away before the new one is renamed
/// in.</param>
/// <param name="Deleted">Renamed away. Nothing that EXCLUDE protects is in it.</param>
/// <param name="Members">What <c>new/</c> holds, a directory before what is in it.</param>
public sealed record StagedDirectory(
    string Path,
    ImmutableArray<string> Created,
    ImmutableArray<string> Replaced,
    ImmutableArray<string> KindChanged,
    ImmutableArray<string> Deleted,
    ImmutableArray<StagedMember> Members);

/// <summary>One thing to be put into a directory's <c>new/</c>.</summary>
/// <param name="Name">Its path there: relative, without a leading <c>./</c>.</param>
/// <param name="Entry">What it is, with its final path.</param>
/// <param name="IsCopied">A file whose live version on the peer has the right content and wrong attributes: copied
/// there (never linked: a chmod would reach the live file), no bytes are sent.</param>
public sealed record StagedMember(string Name, Entry Entry, bool IsCopied);

using System.Collections.Immutable;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>The operations in one existing directory of the peer. All names are names in this directory, in ordinal order,
/// and each is in one list only. The name of a directory stands for all that is in it.</summary>
/// <param name="Path">The directory. It stays where it is.</param>
/// <param name="Created">Names that are new here. They are renamed in.</param>
/// <param name="Replaced">Files or links that replace a file or link. They are renamed over it, so that the name always
/// exists.</param>
/// <param name="KindChanged">Names with a directory on one side. The old entry has to be renamed away before the new one is
/// renamed in.</param>
/// <param name="Deleted">Names that are renamed away. Nothing in them is excluded.</param>
/// <param name="Members">The content of <c>new/</c>, each directory before what is in it.</param>
public sealed record StagedDirectory(
    string Path,
    ImmutableArray<string> Created,
    ImmutableArray<string> Replaced,
    ImmutableArray<string> KindChanged,
    ImmutableArray<string> Deleted,
    ImmutableArray<StagedMember> Members);

/// <summary>One entry to be put into the <c>new/</c> of a directory.</summary>
/// <param name="Name">Its path in <c>new/</c>: relative, without a leading <c>./</c>.</param>
/// <param name="Entry">The entry, with its final path.</param>
/// <param name="IsCopied">The live file on the peer has the right content and other attributes, so the peer copies it and
/// no content is sent. It is never linked, because a chmod would then change the live file.</param>
public sealed record StagedMember(string Name, Entry Entry, bool IsCopied);

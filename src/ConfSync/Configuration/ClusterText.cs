using System.Net;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>Writes a <see cref="ClusterDefinition"/> as cluster.conf. Pure.</summary>
public static class ClusterText
{
    /// <summary>Stands where the address of a member is not known; <see cref="ClusterReader"/> refuses it.</summary>
    private const string NoAddress = "ADDRESS", NoInterface = "INTERFACE";

    /// <summary>The text, which <see cref="ClusterReader"/> reads as the same definition, if that is complete.</summary>
    public static string Of(ClusterDefinition cluster) => string.Concat(
    [
        "# Which machines hold which addresses: see docs/clusters.md.\n",
        List("MEMBERS", cluster.Members.Select(member =>
            $"{member.Name}={(member.Addresses.IsEmpty ? NoAddress : string.Join<IPAddress>(',', member.Addresses))}/{(member.Interface.Length == 0 ? NoInterface : member.Interface)}")),
        List("VIRTUAL", cluster.Instances.Select(instance => $"{instance.Name}={string.Join(',', instance.Addresses)}:{instance.RouterId}:{string.Join(',', instance.Members)}")),
        cluster.Track.IsEmpty ? "# No request is made. TRACK=\"nginx\" has each member answer at http://127.0.0.1/ to keep its addresses.\nTRACK=\" \"\n"
            : List("TRACK", cluster.Track.Select(service => $"{service.Name}={service.Url}")),
        cluster.Preempt ? "" : "PREEMPT=no\n",
        cluster.Password is { } password ? $"AUTH={Quoted(password)}\n" : "",
        Extra("EXTRA_GLOBAL_DEFS", cluster.ExtraGlobal),
        Extra("EXTRA", cluster.ExtraBlocks),
        .. cluster.Instances.Select(instance => Extra($"EXTRA_{instance.Name}", instance.Extra)),
    ]);

    internal static string List(string name, IEnumerable<string> items) =>
        $"{name}=\"{string.Join($"\n{new string(' ', name.Length + 2)}", items)}\"\n";

    private static string Extra(string name, string lines) => lines.Length == 0 ? "" : $"{name}={Quoted(lines)}\n";

    // Within single quotes a shell takes everything as it is.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

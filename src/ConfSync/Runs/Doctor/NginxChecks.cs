using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Runs;

/// <summary>Which nginx a machine has, what it reads, and how that agrees with CONFPATHS and with the primary. Pure.</summary>
/// <param name="here">The primary's; null where it could not be asked.</param>
/// <param name="versionHere">The version that runs on the primary; null where none does.</param>
internal sealed partial class NginxChecks(SyncConfig config, NginxCheckup? here, string? versionHere)
{
    // They come with nginx's packages, alike everywhere. The script leaves out the same (primary/test.sh).
    private static readonly string[] OfPackages = ["mime.types", "fastcgi.conf", "koi-utf", "koi-win", "win-utf"];

    public IEnumerable<Finding> OfPrimary(IEnumerable<Examination> nodes)
    {
        if (here is null) yield break;
        foreach (var finding in Itself(here, versionHere, isExpected: true)) yield return finding;
        if (here.Configuration.Status != 0) yield break;
        // A node that reads nothing, since its nginx does not run or its files are wrong, says nothing of this.
        var reading = nodes.Select(node => node.Checkup?.Nginx).Where(nginx => nginx?.Configuration.Status == 0).ToList();
        var outside = Outside(here);
        ImmutableArray<string> alone = [.. outside.Where(path => reading.Any(nginx => !nginx!.Configuration.Files.Contains(path)))];
        if (!alone.IsEmpty) yield return new Finding.FilesOnlyOneReads(alone, IsHere: true);
        foreach (var finding in Files(here, alone)) yield return finding;
    }

    public IEnumerable<Finding> OfNode(NginxCheckup there, string? version)
    {
        foreach (var finding in Itself(there, version, isExpected: config.Services.Nginx is not { IsExpected: true })) yield return finding;
        if (here is { Build.Length: > 0 } && there.Build.Length > 0)
        {
            var (versionOfHere, versionOfThere) = (versionHere ?? StatusReader.VersionIn(here.Build), version ?? StatusReader.VersionIn(there.Build));
            if (versionOfHere is not null && versionOfThere is not null)
            {
                yield return versionOfHere == versionOfThere ? new Finding.Passed(DoctorCheck.Version) : new Finding.VersionDiffers(versionOfHere, versionOfThere);
            }
            var (modulesHere, modulesThere) = (Modules(here), Modules(there));
            yield return modulesHere.SetEquals(modulesThere) ? new Finding.Passed(DoctorCheck.Modules) : new Finding.ModulesDiffer(
                [.. modulesHere.Except(modulesThere).Order(StringComparer.Ordinal)], [.. modulesThere.Except(modulesHere).Order(StringComparer.Ordinal)]);
        }
        if (there.Configuration.Status != 0) yield break;
        ImmutableArray<string> alone = here?.Configuration.Status == 0 ? [.. Outside(there).Except(here.Configuration.Files)] : [];
        if (!alone.IsEmpty) yield return new Finding.FilesOnlyOneReads(alone, IsHere: false);
        foreach (var finding in Files(there, alone)) yield return finding;
    }

    private IEnumerable<Finding> Itself(NginxCheckup nginx, string? version, bool isExpected)
    {
        switch (nginx.Presence)
        {
            case NginxPresence.NoProgram:
                yield return new Finding.NginxMissing(config.Services.Nginx?.Program ?? ServiceDefinition.Nginx.Program);
                yield break;
            case NginxPresence.Uncertain:
                yield return new Finding.NginxUncertain(nginx.Words);
                yield break;
            case NginxPresence.Stopped:
                yield return new Finding.NginxStopped(nginx.Words, isExpected);
                yield break;
        }
        var configuration = nginx.Configuration;
        if (configuration.Status != 0) yield return new Finding.TestFails(configuration.Said);
        else yield return new Finding.NginxRuns(nginx.Master!.Value, nginx.Program, configuration.Files.FirstOrDefault() ?? "", version);
        if (configuration.PidFile is { } file && nginx.PidInFile != nginx.Master) yield return new Finding.PidFileWrong(file, nginx.PidInFile, nginx.Master!.Value);
    }

    /// <param name="said">Those that are said already.</param>
    private IEnumerable<Finding> Files(NginxCheckup nginx, ImmutableArray<string> said)
    {
        var (files, isConcerned) = (nginx.Configuration.Files, nginx.Configuration.Files.Any(IsPushed));
        if (!isConcerned && !files.IsEmpty) yield return new Finding.NothingRead(files[0]);
        ImmutableArray<string> outside = [.. Outside(nginx).Except(said)];
        if (!outside.IsEmpty) yield return new Finding.FilesOutside(outside);
        if (isConcerned && outside.IsEmpty && said.IsEmpty) yield return new Finding.Passed(DoctorCheck.Files);
        // One that leads to files is said with them.
        ImmutableArray<string> patterns = [.. nginx.Configuration.Includes.Where(pattern => !MayBePushed(pattern) && !IsOfPackage(pattern) && !files.Any(file => Matches(pattern, file)))];
        yield return patterns.IsEmpty ? new Finding.Passed(DoctorCheck.Includes) : new Finding.IncludesOutside(patterns);
    }

    private IEnumerable<string> Outside(NginxCheckup nginx) => nginx.Configuration.Files.Where(file => !IsPushed(file) && !IsOfPackage(file));

    private bool IsPushed(string file) => config.ConfPaths.Any(path => PosixPath.IsAtOrBeneath(file, path));

    // What it matches is at or beneath the directory before its first wildcard.
    private bool MayBePushed(string pattern)
    {
        var wildcard = pattern.AsSpan().IndexOfAny('*', '?', '[');
        var known = wildcard < 0 ? pattern : PosixPath.Parent(pattern[..wildcard] + "x")!;
        return config.ConfPaths.Any(path => PosixPath.IsAtOrBeneath(known, path));
    }

    private static bool Matches(string pattern, string file) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, file, ignoreCase: false);

    internal static bool IsOfPackage(string file) =>
        PosixPath.Name(file) is var name && (OfPackages.Contains(name) || name.EndsWith("_params", StringComparison.Ordinal));

    // What the build has and what the configuration loads.
    private static HashSet<string> Modules(NginxCheckup nginx) =>
        [.. ModuleArgument().Matches(nginx.Build).Select(match => match.Value), .. nginx.Configuration.Modules.Select(PosixPath.Name)];

    // Paths and compilers of a build say nothing of what it can do; one that can be loaded counts where it is loaded.
    [GeneratedRegex(@"--(with-\w+_module|with-http_v3_module|with-stream|with-mail|with-threads|with-file-aio|add-module=\S+)(?=\s|$)")]
    private static partial Regex ModuleArgument();
}

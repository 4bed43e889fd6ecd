using System.Diagnostics.CodeAnalysis;

namespace ConfSync.Configuration;

/// <summary>Checks and normalises the absolute paths of a configuration, without asking the file system.</summary>
public static class AbsolutePath
{
    /// <summary>Removes parts without meaning (<c>//</c>, <c>/./</c>, a slash at the end).</summary>
    /// <param name="levels">The least number of names in the path: <c>/etc/nginx</c> has two.</param>
    /// <param name="problem">What is wrong and what to do; null if nothing is wrong.</param>
    public static bool TryNormalise(
        string text, int levels, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? problem)
    {
        var names = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").ToList();
        var shown = Quoted.Of(text);
        problem = text switch
        {
            _ when text.StartsWith('~') => $"{shown}: a quoted ~ means nothing: write $HOME instead",
            _ when !text.StartsWith('/') => $"{shown} is not an absolute path: begin it with /",
            _ when text.Any(char.IsControl) => $"{shown} holds a control character: is a quote missing?",
            _ when names.Contains("..") => $"{shown} holds \"..\": write the path without it",
            _ when names.Count == 0 && levels == 1 => $"{shown} names no file",
            _ when names.Count < levels =>
                $"{shown} is too high up: at least two levels are needed, such as /etc/nginx",
            _ => null,
        };
        path = problem is null ? "/" + string.Join('/', names) : null;
        return problem is null;
    }

    /// <summary>Whether a normalised path is this normalised directory or is beneath it.</summary>
    public static bool IsAtOrUnder(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) &&
        (path.Length == directory.Length || path[directory.Length] == '/');
}

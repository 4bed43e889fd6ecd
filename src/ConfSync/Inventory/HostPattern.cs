using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ConfSync.Inventory;

/// <summary>Selects hosts as Ansible's patterns do: <c>web:db</c> or <c>web,db</c> for both, <c>:!x</c> without, <c>:&amp;x</c> only if also
/// in, <c>*</c>, <c>?</c> and <c>[…]</c> for characters, <c>~</c> for a regular expression, <c>web[0]</c> and <c>web[0:2]</c> for some of a
/// group. See https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html</summary>
/// <param name="Hosts">The hosts, in the order of the pattern and, in each part of it, of the inventory.</param>
/// <param name="Unknown">The parts that name no host and no group, as they are written. Ansible ignores them.</param>
public sealed partial record HostPattern(ImmutableArray<string> Hosts, ImmutableArray<string> Unknown)
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>Evaluates a pattern.</summary>
    public static HostPattern Of(string pattern, HostGroups groups)
    {
        var parts = PartsOf(pattern);
        if (parts.Count == 0) return new HostPattern([], [pattern]);
        var unknown = ImmutableArray.CreateBuilder<string>();
        List<string> hosts = [];
        var isLimited = parts.TrueForAll(part => part is ['!' or '&', ..]);
        foreach (var part in isLimited ? [HostGroups.All] : parts.Where(part => part is not ['!' or '&', ..])) hosts = [.. hosts.Union(Find(part, part))];
        foreach (var part in parts.Where(part => part is ['&', ..])) hosts = [.. hosts.Intersect(Find(part[1..], part))];
        foreach (var part in parts.Where(part => part is ['!', ..])) hosts = [.. hosts.Except(Find(part[1..], part))];
        return new HostPattern([.. hosts], unknown.ToImmutable());

        List<string> Find(string name, string part)
        {
            var found = Matching(name, groups);
            if (found is null) unknown.Add(part);
            return found ?? [];
        }
    }

    // A comma separates parts, or else a colon outside of brackets. An IPv6 address is one part.
    private static List<string> PartsOf(string pattern)
    {
        if (!pattern.Contains(',', StringComparison.Ordinal) && pattern.Contains("::", StringComparison.Ordinal)) return [pattern];
        return [.. (pattern.Contains(',', StringComparison.Ordinal) ? pattern.Split(',') : Part().Matches(pattern).Select(match => match.Value))
            .Select(part => part.Trim()).Where(part => part.Length > 0)];
    }

    /// <returns>Null where no group and no host is called so.</returns>
    private static List<string>? Matching(string name, HostGroups groups)
    {
        if (name == HostGroups.All) return [.. groups.Hosts];
        var (words, range) = (name, (Range?)null);
        if (name is not ['~', ..] && Subscript().Match(name) is { Success: true } subscript)
        {
            (words, range) = (subscript.Groups["name"].Value, RangeOf(subscript));
        }
        if (Expression(words) is not { } expression) return null;
        var inGroups = groups.Groups.Where(group => expression.IsMatch(group.Key)).ToList();
        List<string> found = [.. groups.Hosts.Where(host => inGroups.Exists(group => group.Value.Contains(host)))];
        if (inGroups.Count == 0 || words.AsSpan().ContainsAny("~.?*[")) found = [.. found.Union(groups.Hosts.Where(host => expression.IsMatch(host)))];
        if (inGroups.Count == 0 && found.Count == 0) return null;
        return range is { } some ? Within(found, some) : found;
    }

    private static Regex? Expression(string words)
    {
        try
        {
            return words is ['~', .. var regex]
                ? new Regex($@"\A(?:{regex})", RegexOptions.CultureInvariant, LongestMatch)
                : new Regex($@"\A{OfGlob(words)}\z", RegexOptions.CultureInvariant | RegexOptions.Singleline, LongestMatch);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The regular expression that means the same as a pattern of a shell: <c>*</c>, <c>?</c>, <c>[…]</c> and
    /// <c>[!…]</c>.</summary>
    internal static string OfGlob(string glob)
    {
        var regex = new StringBuilder();
        for (var i = 0; i < glob.Length; i++)
        {
            var end = glob[i] == '[' ? glob.IndexOf(']', Math.Min(i + 2, glob.Length)) : -1;
            if (glob[i] == '*') regex.Append(".*");
            else if (glob[i] == '?') regex.Append('.');
            else if (end < 0) regex.Append(Regex.Escape(glob[i..(i + 1)]));
            else
            {
                var set = glob[(i + 1)..end];
                var (isNegated, characters) = set is ['!', .. var others] ? ("^", others) : ("", set);
                regex.Append('[').Append(isNegated).Append(characters.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal).Replace("^", @"\^", StringComparison.Ordinal)).Append(']');
                i = end;
            }
        }
        return regex.ToString();
    }

    private static Range RangeOf(Match subscript)
    {
        if (subscript.Groups["index"] is { Success: true, Value: var index })
        {
            var number = int.Parse(index, CultureInfo.InvariantCulture);
            return number >= 0 ? number..(number + 1) : number == -1 ? ^1.. : ^-number..^(-number - 1);
        }
        var (start, end) = (int.Parse(subscript.Groups["start"].Value, CultureInfo.InvariantCulture), subscript.Groups["end"].Value);
        return end.Length == 0 ? start.. : start..(int.Parse(end, CultureInfo.InvariantCulture) + 1);
    }

    // A part of a group that has fewer hosts is what it has of it.
    private static List<string> Within(List<string> hosts, Range range)
    {
        var (start, end) = (range.Start.GetOffset(hosts.Count), Math.Min(range.End.GetOffset(hosts.Count), hosts.Count));
        return start < 0 || start >= end ? [] : hosts[start..end];
    }

    [GeneratedRegex(@"(?:[^\s:\[\]]|\[[^\]]*\])+")]
    private static partial Regex Part();

    [GeneratedRegex(@"\A(?<name>.+)\[(?:(?<index>-?[0-9]{1,6})|(?<start>[0-9]{1,6})[:-](?<end>[0-9]{0,6}))\]\z")]
    private static partial Regex Subscript();
}

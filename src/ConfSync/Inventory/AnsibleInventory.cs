using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConfSync.Inventory;

/// <summary>What a program prints as <c>ansible-inventory --list</c> does, or a dynamic inventory of Ansible's
/// (https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html).</summary>
/// <param name="Groups">Without the groups that have no host.</param>
/// <param name="Variables">Of each host, its groups' among them: texts, numbers, and <c>true</c> or <c>false</c>.</param>
public sealed record AnsibleInventory(HostGroups Groups, ImmutableDictionary<string, ImmutableDictionary<string, string>> Variables)
{
    private const string Meta = "_meta";

    /// <exception cref="FormatException">This is no such inventory; the message says why.</exception>
    public static AnsibleInventory Parse(string json)
    {
        try
        {
            var parts = JsonSerializer.Deserialize(json, AnsibleJson.Default.DictionaryStringJsonElement) ?? throw new FormatException("it holds nothing");
            var groups = parts.Where(part => part.Key != Meta).ToDictionary(part => part.Key, part => GroupOf(part.Key, part.Value), StringComparer.Ordinal);
            var meta = parts.TryGetValue(Meta, out var found) ? found.Deserialize(AnsibleJson.Default.JsonInventoryMeta) : null;
            return new InventoryReader(groups, meta?.HostVars ?? []).Read();
        }
        catch (JsonException exception)
        {
            throw new FormatException($"it is not the JSON of an inventory ({exception.Message})");
        }
    }

    /// <summary>The node that a host is.</summary>
    /// <param name="problem">What is wrong and what to do; null if nothing is wrong.</param>
    public bool TryNode(string host, [NotNullWhen(true)] out Node? node, [NotNullWhen(false)] out string? problem)
    {
        node = null;
        if (!NodeAddress.TryParse(host, out _, out problem)) return false;
        var address = ValueOf(host, "ansible_host", "ansible_ssh_host") ?? host;
        var (user, port) = (ValueOf(host, "ansible_user", "ansible_ssh_user"), ValueOf(host, "ansible_port", "ansible_ssh_port"));
        if (new[] { address, user, port }.FirstOrDefault(IsTemplate) is { } template)
        {
            problem = $"\"{template}\" is a template, which ansible-inventory does not fill in: write the value itself";
            return false;
        }
        var isIPv6 = address.Contains(':', StringComparison.Ordinal) && !address.StartsWith('[');
        var text = $"{(user is null ? "" : $"{user}@")}{(isIPv6 ? $"[{address}]" : address)}{(port is null ? "" : $":{port}")}";
        if (!NodeAddress.TryParse(text, out var login, out problem)) return false;
        node = new Node(host, login);
        return true;
    }

    /// <summary>The values that a host gives to marks of templates. Values that Ansible itself would have to fill in are none.</summary>
    public ImmutableDictionary<string, string> ValuesOf(string host) =>
        Variables.GetValueOrDefault(host, ImmutableDictionary<string, string>.Empty).Where(variable => !IsTemplate(variable.Value)).ToImmutableDictionary(StringComparer.Ordinal);

    private string? ValueOf(string host, string name, string formerName) =>
        Variables.GetValueOrDefault(host) is { } variables && (variables.GetValueOrDefault(name) ?? variables.GetValueOrDefault(formerName)) is { Length: > 0 } value ? value : null;

    private static bool IsTemplate(string? text) => text?.Contains("{{", StringComparison.Ordinal) == true;

    // A dynamic inventory may write a group as the list of its hosts.
    private static JsonInventoryGroup GroupOf(string name, JsonElement group) => group.ValueKind switch
    {
        JsonValueKind.Array => new JsonInventoryGroup { Hosts = group.Deserialize(AnsibleJson.Default.StringArray) },
        JsonValueKind.Object => group.Deserialize(AnsibleJson.Default.JsonInventoryGroup)!,
        _ => throw new FormatException($"its group \"{name}\" is neither a list of hosts nor an object"),
    };

    /// <summary>Puts groups and variables together.</summary>
    private sealed class InventoryReader(Dictionary<string, JsonInventoryGroup> groups, Dictionary<string, Dictionary<string, JsonElement>> hostVars)
    {
        public AnsibleInventory Read()
        {
            ImmutableArray<string> hosts = [.. WithChildren(HostGroups.All).Concat(groups.Keys.SelectMany(WithChildren)).SelectMany(HostsOf).Concat(hostVars.Keys).Distinct()];
            var members = groups.Keys.Where(name => name != HostGroups.All)
                .ToDictionary(name => name, name => WithChildren(name).SelectMany(HostsOf).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
            var inOrder = members.ToImmutableDictionary(group => group.Key, group => hosts.Where(group.Value.Contains).ToImmutableArray(), StringComparer.Ordinal);
            // Of several groups with a variable, the one deeper below "all" counts, and of equal ones the last by name.
            var levels = Depths().OrderBy(group => group.Value).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToList();
            return new AnsibleInventory(new HostGroups(hosts, inOrder), hosts.ToImmutableDictionary(host => host, host => VariablesOf(host, levels, members), StringComparer.Ordinal));
        }

        private ImmutableDictionary<string, string> VariablesOf(string host, List<string> levels, Dictionary<string, HashSet<string>> members)
        {
            var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var group in levels.Where(name => members.TryGetValue(name, out var hosts) ? hosts.Contains(host) : name == HostGroups.All)) Add(groups[group].Vars);
            Add(hostVars.GetValueOrDefault(host));
            return values.ToImmutable();

            void Add(Dictionary<string, JsonElement>? variables)
            {
                foreach (var (name, value) in variables ?? [])
                {
                    if (Text(value) is { } text) values[name] = text;
                    else values.Remove(name);
                }
            }
        }

        private static string? Text(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };

        private string[] HostsOf(string group) => groups.TryGetValue(group, out var found) ? found.Hosts ?? [] : [];

        // The group, then what is below it. A group that is below itself is taken once.
        private List<string> WithChildren(string top)
        {
            List<string> seen = [top];
            for (var i = 0; i < seen.Count; i++)
            {
                if (groups.TryGetValue(seen[i], out var group)) seen.AddRange((group.Children ?? []).Where(child => !seen.Contains(child)));
            }
            return seen;
        }

        // How far each group is below the top. As many rounds as there are groups are enough, unless a group is below itself.
        private Dictionary<string, int> Depths()
        {
            var depths = groups.Keys.ToDictionary(name => name, name => name == HostGroups.All ? 0 : 1, StringComparer.Ordinal);
            var isChanged = true;
            for (var round = 0; isChanged && round < groups.Count; round++)
            {
                isChanged = false;
                foreach (var (parent, child) in groups.SelectMany(group => (group.Value.Children ?? []).Select(child => (group.Key, child))))
                {
                    if (!depths.TryGetValue(child, out var depth) || depth > depths[parent]) continue;
                    depths[child] = depths[parent] + 1;
                    isChanged = true;
                }
            }
            return depths;
        }
    }
}

internal sealed record JsonInventoryGroup
{
    public string[]? Hosts { get; init; }

    public string[]? Children { get; init; }

    public Dictionary<string, JsonElement>? Vars { get; init; }
}

internal sealed record JsonInventoryMeta
{
    [JsonPropertyName("hostvars")]
    public Dictionary<string, Dictionary<string, JsonElement>>? HostVars { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(JsonInventoryGroup))]
[JsonSerializable(typeof(JsonInventoryMeta))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class AnsibleJson : JsonSerializerContext;

interface Props {
  domains: readonly { name: string; display: string }[];
  /** preselected */
  domain: string;
  label: string;
}

/** What stands behind the name in an address field: "@muster.at", or a choice where there are several domains. Field name: domain. */
export function DomainSuffix({ domains, domain, label }: Props) {
  const [only] = domains;
  if (domains.length === 1 && only) {
    return (
      <span className="suf cut" title={`@${only.display}`}>
        @{only.display}
        <input type="hidden" name="domain" value={only.name} />
      </span>
    );
  }
  return (
    <span className="suf">
      @
      <select name="domain" defaultValue={domain} aria-label={label}>
        {domains.map(({ name, display }) => (
          <option key={name} value={name}>
            {display}
          </option>
        ))}
      </select>
    </span>
  );
}

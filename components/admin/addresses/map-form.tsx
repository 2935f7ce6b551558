import Form from 'next/form';
import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';

/** Asks for the address whose way is shown. */
export function MapForm({ address = '' }: { address?: string }) {
  const text = useTranslations('panel.addresses');
  return (
    <Form action="/panel/addresses/map" className="sheet create" aria-label={text('mapTitle')}>
      <input
        className="input mono"
        style={{ flex: '1 1 16rem' }}
        name="address"
        type="text"
        inputMode="email"
        defaultValue={address}
        aria-label={text('mapField')}
        placeholder="office@firma.at"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
      />
      <Button type="submit">{text('mapShow')}</Button>
      <p className="hint wide">{text('mapHint')}</p>
    </Form>
  );
}

import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { four, type MakeFamily } from '../family.js';

export const costCentres: MakeFamily = ({ relation }) => {
  @Entity()
  class CostCentre {
    @PrimaryGeneratedColumn() id!: number;
    @Column() fullName!: string;
    @OneToMany(() => LedgerEntry, (entry) => entry.costCentre, relation) ledgerEntries!: LedgerEntry[];
  }

  @Entity()
  class LedgerEntry {
    @PrimaryGeneratedColumn() id!: number;
    @Column() amountDue!: number;
    @ManyToOne(() => CostCentre, (centre) => centre.ledgerEntries) costCentre!: Relation<CostCentre>;
    @Column() costCentreId!: number;
  }

  return {
    entities: [CostCentre, LedgerEntry],
    rows: {
      'naming strategy, one-to-many': {
        parents: CostCentre,
        path: 'ledgerEntries',
        byHand: ({ id }, of) => of(LedgerEntry).findBy({ costCentreId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        CostCentre,
        four.map((n) => ({ fullName: `centre ${n}` })),
      );
      await manager.insert(
        LedgerEntry,
        [...four, ...four].map((n) => ({ amountDue: 1, costCentreId: n })),
      );
    },
  };
};

export const bankAccounts: MakeFamily = ({ relation }) => {
  @Entity()
  class AccountHolder {
    @PrimaryGeneratedColumn() id!: number;
    @Column() fullName!: string;
  }

  @Entity()
  class BankAccount {
    @PrimaryGeneratedColumn() id!: number;
    @Column() accountNumber!: string;
    @ManyToOne(() => AccountHolder, relation) heldBy!: Relation<AccountHolder>;
    @Column() heldById!: number;
  }

  return {
    entities: [AccountHolder, BankAccount],
    rows: {
      'naming strategy, many-to-one': {
        parents: BankAccount,
        path: 'heldBy',
        byHand: ({ heldById }, of) => of(AccountHolder).findOneBy({ id: heldById }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        AccountHolder,
        four.map((n) => ({ fullName: `holder ${n}` })),
      );
      await manager.insert(
        BankAccount,
        [...four, ...four].map((n) => ({ accountNumber: 'N', heldById: n })),
      );
    },
  };
};

export const auditPlans: MakeFamily = ({ relation }) => {
  @Entity()
  class AuditPlan {
    @PrimaryGeneratedColumn() id!: number;
    @Column() planName!: string;
    @ManyToMany(() => AuditRule, (rule) => rule.auditPlans, relation) @JoinTable() auditRules!: AuditRule[];
  }

  @Entity()
  class AuditRule {
    @PrimaryGeneratedColumn() id!: number;
    @Column() ruleText!: string;
    @ManyToMany(() => AuditPlan, (plan) => plan.auditRules) auditPlans!: AuditPlan[];
  }

  return {
    entities: [AuditPlan, AuditRule],
    rows: {
      'naming strategy, many-to-many': {
        parents: AuditPlan,
        path: 'auditRules',
        byHand: ({ id }, of) => of(AuditRule).findBy({ auditPlans: { id } }),
      },
    },
    fill: async (manager) => {
      const rules = await manager.save(
        [1, 2].map((n) => manager.create(AuditRule, { ruleText: `rule ${n}` })),
      );
      await manager.save(
        four.map((n) => manager.create(AuditPlan, { planName: `plan ${n}`, auditRules: rules })),
      );
    },
  };
};
